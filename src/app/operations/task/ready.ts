import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

export const taskReady = storeOperation({
  name: 'task.ready',
  summary: 'List what nothing blocks, most urgent first',
  input: z.object({}),
  run: ({ store }) => {
    const running = new Set(store.runs.live().map((run) => run.task));
    return store.tasks.ready().filter((task) => !running.has(task.id));
  },
});
