import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

export const agentList = storeOperation({
  name: 'agent.list',
  summary: 'Which agents are configured, and which are found on this machine',
  input: z.object({}),
  run: ({ agents }) =>
    Promise.all(
      agents.list().map(async ({ name, adapter, command }) => ({
        name,
        adapter,
        command,
        variables: agents.variables({ agent: name }),
        ...(await agents.find({ agent: name })),
      })),
    ),
});
