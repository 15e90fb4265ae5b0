import { taskDraftSchema } from '../../../domain/task.ts';
import { storeOperation } from '../../define-operation.ts';

export const taskAdd = storeOperation({
  name: 'task.add',
  summary: 'Add a task',
  input: taskDraftSchema,
  run: ({ store }, draft) => store.tasks.add(draft),
});
