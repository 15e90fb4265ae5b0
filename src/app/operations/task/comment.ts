import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskComment = taskOperation({
  name: 'task.comment',
  summary: 'Say something of a task',
  input: z.object({ id: z.string(), text: z.string() }),
  run: ({ store }, { id, text }) => store.tasks.comment(id, text),
});
