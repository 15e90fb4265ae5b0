import { z } from 'zod';
import { queuedFirst, type Run } from '../../../domain/run.ts';
import { supervisorOperation } from '../../define-operation.ts';

export const batchCancel = supervisorOperation({
  name: 'batch.cancel',
  summary: 'End the runs of a batch; its tasks stay',
  input: z.object({ name: z.string() }),
  run: ({ store, runs, actor }, { name }): Run[] => {
    const tasks = new Set(store.batches.get(name).tasks);
    const live = store.runs.live().filter(({ task }) => tasks.has(task));
    return live.sort(queuedFirst).map(({ id }) => runs.cancel(id, actor));
  },
});
