import { z } from 'zod';
import { taskDraftSchema } from '../../../domain/task.ts';
import { storeOperation } from '../../define-operation.ts';

export const taskEdit = storeOperation({
  name: 'task.edit',
  summary: 'Change a task',
  input: z.object({ id: z.string(), patch: taskDraftSchema.partial() }),
  run: ({ store }, { id, patch }) => store.tasks.edit(store.tasks.get(id).id, patch),
});
