import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

export const taskShow = storeOperation({
  name: 'task.show',
  summary: 'Show one task, its comments and history, and the environment that it gives its agent',
  input: z.object({ id: z.string() }),
  run: ({ store, agents }, { id }) => {
    const task = store.tasks.details(id);
    return { ...task, variables: agents.variables({ agent: task.agent, task: task.id }) };
  },
});
