import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';
import { refuseRunning } from './refuse-running.ts';

export const taskClose = taskOperation({
  name: 'task.close',
  summary: 'Close a task',
  input: z.object({ id: z.string() }),
  run: ({ store }, input) => {
    const { id } = store.tasks.get(input.id);
    refuseRunning(store, id);
    return store.tasks.step(() => store.tasks.close(id));
  },
});
