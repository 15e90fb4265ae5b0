import { z } from 'zod';
import { taskDraftSchema } from '../../../domain/task.ts';
import { storeOperation } from '../../define-operation.ts';
import { checkWish } from './check-wish.ts';

export const taskEdit = storeOperation({
  name: 'task.edit',
  summary: 'Change a task',
  input: z.object({ id: z.string(), patch: taskDraftSchema.partial() }),
  run: (context, { id, patch }) => {
    checkWish(context, patch);
    const { tasks } = context.store;
    return tasks.edit(tasks.get(id).id, patch);
  },
});
