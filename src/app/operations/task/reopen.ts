import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskReopen = taskOperation({
  name: 'task.reopen',
  summary: 'Open a closed task again',
  input: z.object({ id: z.string() }),
  run: ({ store: { tasks } }, { id }) => tasks.step(() => tasks.reopen(tasks.get(id).id)),
});
