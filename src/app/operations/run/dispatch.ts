import { z } from 'zod';
import type { ForgeError } from '../../../base/errors.ts';
import { randomId } from '../../../base/ids.ts';
import type { Run } from '../../../domain/run.ts';
import type { RunGroup } from '../../../ports/store.ts';
import type { SupervisorContext } from '../../context.ts';
import { supervisorOperation } from '../../define-operation.ts';

export const together = {
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

export const runOutlook = supervisorOperation({
  name: 'run.outlook',
  summary: 'Which worker would take a task now, and why',
  input: z.object({ task: z.string() }),
  run: ({ runs }, { task }) => runs.outlook(task),
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
    /** Not these tasks. */
    except: z.array(z.string()).default([]),
  }),
  run: async (context, { max, group, except }) => {
    const { runs, problem } = await dispatchReady(context, groupOf(max, group), (id) => !except.includes(id));
    if (runs.length === 0 && problem) throw problem;
    return runs;
  },
});

/** Queues a run of each ready task of a project that is asked for; `problem`: why one of them has none. */
export async function dispatchReady(
  { runs, store }: Pick<SupervisorContext, 'runs' | 'store'>,
  group: RunGroup | null,
  isAsked: (task: string) => boolean,
): Promise<{ runs: Run[]; problem: ForgeError | null }> {
  const taken = new Set(store.runs.live().map(({ task }) => task));
  const ready = store.tasks.ready().filter(({ id }) => !taken.has(id) && isAsked(id));
  const dispatched = await runs.dispatchTogether(
    ready.map(({ id }) => id),
    group,
  );
  const [refused = null] = dispatched.flatMap(({ problem }) => problem ?? []);
  return {
    runs: dispatched.flatMap(({ run }) => run ?? []),
    // One whose agent no worker has holds up no other.
    problem: refused?.code === 'worker.missing' ? null : refused,
  };
}

export function groupOf(max: number | undefined, id = randomId(6)): RunGroup | null {
  return max === undefined ? null : { id, max };
}
