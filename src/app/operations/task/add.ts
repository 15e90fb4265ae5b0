import { taskDraftSchema } from '../../../domain/task.ts';
import { taskOperation } from '../../define-operation.ts';
import { checkWish } from './check-wish.ts';

export const taskAdd = taskOperation({
  name: 'task.add',
  summary: 'Add a task',
  input: taskDraftSchema,
  run: (context, draft) => {
    checkWish(context, draft);
    const { tasks } = context.store;
    return tasks.step(() => tasks.add(draft));
  },
});
