import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';

/** Runs at once of those that are dispatched together. */
const max = z.int().min(1).max(100);

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

export const runDispatchTogether = supervisorOperation({
  name: 'run.dispatch.together',
  summary: 'Queue runs of several tasks, of which so many are at work at once',
  input: z.object({ tasks: z.array(z.string()).max(1_000), max: max.optional() }),
  run: async ({ runs }, { tasks, max }) => runs.dispatchTogether(tasks, max ?? null),
});

export const runDispatchReady = supervisorOperation({
  name: 'run.dispatch.ready',
  summary: 'Queue a run of each task that is ready',
  input: z.object({
    max: max.optional(),
    /** Only tasks of this batch. */
    batch: z.string().optional(),
  }),
  run: async ({ runs, store }, { max, batch }) => {
    const tasks = batch === undefined ? null : new Set(store.batches.get(batch).tasks);
    const live = new Set(store.runs.live().map(({ task }) => task));
    const ready = store.tasks.ready().filter(({ id }) => !live.has(id) && tasks?.has(id) !== false);
    const dispatched = await runs.dispatchTogether(
      ready.map(({ id }) => id),
      max ?? null,
    );
    const begun = dispatched.flatMap(({ run }) => run ?? []);
    const [refused] = dispatched.flatMap(({ problem }) => problem ?? []);
    // One whose agent no worker has holds up no other.
    if (begun.length === 0 && refused && refused.code !== 'worker.missing') throw refused;
    return begun;
  },
});
