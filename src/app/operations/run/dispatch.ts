import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import type { Run } from '../../../domain/run.ts';
import { supervisorOperation } from '../../define-operation.ts';

export const runDispatch = supervisorOperation({
  name: 'run.dispatch',
  summary: 'Start a run of a task on a worker',
  input: z.object({ task: z.string(), worker: z.string().optional() }),
  run: ({ runs }, { task, worker }) => runs.dispatch(task, worker ?? null),
});

export const runDispatchReady = supervisorOperation({
  name: 'run.dispatch.ready',
  summary: 'Start what is ready on the workers that are idle',
  input: z.object({
    max: z.int().min(1).max(100).default(100),
    /** Only tasks of this batch. */
    batch: z.string().optional(),
  }),
  run: async ({ runs, store }, { max, batch }) => {
    const tasks = batch === undefined ? null : new Set(store.batches.get(batch).tasks);
    const running = new Set(store.runs.live().map((run) => run.task));
    const started: Run[] = [];
    for (const task of store.tasks.ready()) {
      if (started.length === max) break;
      if (running.has(task.id) || tasks?.has(task.id) === false) continue;
      const run = await runs.dispatch(task.id, null).catch(stopWhenBusy);
      if (!run) break;
      started.push(run);
    }
    return started;
  },
});

function stopWhenBusy(failure: unknown): null {
  if (failure instanceof ForgeError && failure.code === 'worker.busy') return null;
  throw failure;
}
