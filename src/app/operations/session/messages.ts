import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

export const sessionMessages = storeOperation({
  name: 'session.messages',
  summary: 'List the prompts that were sent to sessions, oldest first',
  // What waits goes on when a supervisor is there.
  tellsRuns: true,
  input: z.object({ session: z.string().nullable().default(null) }),
  run: ({ store }, { session }) => store.messages.list(session),
});
