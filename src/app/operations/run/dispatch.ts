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

export const runFork = supervisorOperation({
  name: 'run.fork',
  summary: 'Start a second run with a copy of the conversation and the worktree of a run',
  input: z.object({ run: z.string(), worker: z.string().optional(), words: z.string().max(100_000).default('') }),
  run: ({ runs }, { run, worker, words }) => runs.fork(run, worker ?? null, words.trim()),
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
      const run = await runs.dispatch(task.id, null).catch(nullWhenBusy);
      if (run) started.push(run);
      // One that waits for the workers of its agent holds up no other.
      else if (task.agent === undefined) break;
    }
    return started;
  },
});

function nullWhenBusy(failure: unknown): null {
  if (failure instanceof ForgeError && ['worker.busy', 'worker.missing'].includes(failure.code)) return null;
  throw failure;
}
