import { taskDraftSchema } from '../../../domain/task.ts';
import { storeOperation } from '../../define-operation.ts';
import { checkWish } from './check-wish.ts';

export const taskAdd = storeOperation({
  name: 'task.add',
  summary: 'Add a task',
  input: taskDraftSchema,
  run: (context, draft) => {
    checkWish(context, draft);
    return context.store.tasks.add(draft);
  },
});
