import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskReady = taskOperation({
  name: 'task.ready',
  summary: 'List what nothing blocks, most urgent first',
  input: z.object({ limit: z.int().positive().optional() }),
  run: ({ store }, { limit }) => store.tasks.ready({ limit, isIdle: true }),
});
