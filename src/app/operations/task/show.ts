import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskShow = taskOperation({
  name: 'task.show',
  summary: 'Show one task, its comments and history, and the environment that it gives its agent',
  input: z.object({ id: z.string() }),
  run: ({ store, variables }, { id }) => {
    const task = store.tasks.details(id);
    return { ...task, variables: variables({ agent: task.agent, task: task.id }) };
  },
});
