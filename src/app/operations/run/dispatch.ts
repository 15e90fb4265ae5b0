import { z } from 'zod';
import { randomId } from '../../../base/ids.ts';
import type { RunGroup } from '../../../ports/store.ts';
import { supervisorOperation } from '../../define-operation.ts';

const together = {
  /** Runs at once of those that are dispatched together. */
  max: z.int().min(1).max(100).optional(),
  /** By which several calls say that they belong together. */
  group: z.string().max(64).optional(),
};

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
  input: z.object({ tasks: z.array(z.string()).max(1_000), ...together }),
  run: async ({ runs }, { tasks, max, group }) => runs.dispatchTogether(tasks, groupOf(max, group)),
});

export const runDispatchReady = supervisorOperation({
  name: 'run.dispatch.ready',
  summary: 'Queue a run of each task that is ready',
  input: z.object({
    ...together,
    /** Only tasks of this batch. */
    batch: z.string().optional(),
    /** Not these tasks. */
    except: z.array(z.string()).default([]),
  }),
  run: async ({ runs, store }, { max, group, batch, except }) => {
    const tasks = batch === undefined ? null : new Set(store.batches.get(batch).tasks);
    const taken = new Set([...except, ...store.runs.live().map(({ task }) => task)]);
    const ready = store.tasks.ready().filter(({ id }) => !taken.has(id) && tasks?.has(id) !== false);
    const dispatched = await runs.dispatchTogether(
      ready.map(({ id }) => id),
      groupOf(max, group),
    );
    const begun = dispatched.flatMap(({ run }) => run ?? []);
    const [refused] = dispatched.flatMap(({ problem }) => problem ?? []);
    // One whose agent no worker has holds up no other.
    if (begun.length === 0 && refused && refused.code !== 'worker.missing') throw refused;
    return begun;
  },
});

function groupOf(max: number | undefined, id = randomId(6)): RunGroup | null {
  return max === undefined ? null : { id, max };
}
