import { z } from 'zod';
import { asForgeError, ForgeError } from '../../../base/errors.ts';
import { type Run, runStatusSchema } from '../../../domain/run.ts';
import type { Worktree } from '../../../ports/git.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { batchesOfTasks, readSpending, withFigures } from '../../spending.ts';
import { aimOf } from './aim.ts';

export const runList = storeOperation({
  name: 'run.list',
  summary: 'List runs, newest first',
  tellsRuns: true,
  input: z.object({
    statuses: z.array(runStatusSchema).optional(),
    task: z.string().optional(),
    /** Created since then, in ms since the epoch. */
    since: z.number().optional(),
    /** Those that ended well longer ago than they are kept, too. */
    isOldShown: z.boolean().default(true),
  }),
  run: (context, { statuses, task, since, isOldShown }) => {
    const { runs } = readSpending(context);
    const { store } = context;
    const batchOf = batchesOfTasks(context);
    const id = task === undefined ? null : store.tasks.get(task).id;
    const isAsked = (run: Run) =>
      (statuses?.includes(run.status) ?? true) &&
      (id === null || run.task === id) &&
      run.createdAt >= (since ?? 0) &&
      (isOldShown || !isOld(context, run));
    const newestFirst = store.runs
      .list()
      .filter(isAsked)
      .sort((a, b) => b.createdAt - a.createdAt);
    return newestFirst.map((run) => ({
      ...run,
      batch: batchOf.get(run.task) ?? null,
      cost: runs.get(run.id) ?? null,
    }));
  },
});

export const runShow = storeOperation({
  name: 'run.show',
  tellsRuns: true,
  summary: 'Show one run, its changed files and its history',
  input: z.object({ run: z.string() }),
  run: async (context, input) => {
    const run = findRun(context, input.run);
    const worktree = worktreeOf(run);
    const stat = worktree && (await context.git.diffStat(worktree).catch(() => null));
    return {
      ...withFigures(context, run),
      ...stat,
      files: stat?.files ?? [],
      /** The branch that its work is for; null: not known. */
      aim: context.settings.deliverTo.branch ?? aimOf(context.store, run)?.branch ?? null,
      events: context.store.runs.events(run.id),
      setup: run.worktree === null ? null : context.worktreeLog(run.worktree),
    };
  },
});

export const runDiff = storeOperation({
  name: 'run.diff',
  summary: 'What a run changed, as a diff against its base',
  input: z.object({ run: z.string() }),
  run: async (context, input) => {
    const run = findRun(context, input.run);
    const worktree = worktreeOf(run);
    return { run, diff: worktree ? await context.git.diff(worktree) : '' };
  },
});

/** It ended well, longer ago than such runs are kept. */
export function isOld({ settings, clock }: Pick<OperationContext, 'settings' | 'clock'>, run: Run): boolean {
  const { runDays } = settings.keep;
  return runDays !== null && run.status === 'done' && (run.endedAt ?? clock()) < clock() - runDays * 86_400_000;
}

/** What the id of a run ends with, and few ids of tasks do. */
const runNumber = /-\d+$/;

/** A run by its id, or the newest one of a task by the task's id; both may be given in part. */
export function findRun({ store }: Pick<OperationContext, 'store'>, name: string): Run {
  const exact = store.runs.find(name);
  if (exact) return exact;
  const task = taskIdOf(store, name);
  if (task === null && runNumber.test(name)) return store.runs.get(name);
  const ofTask = store.runs.list().filter((run) => run.task === task);
  const [newest] = ofTask.sort((a, b) => b.createdAt - a.createdAt);
  if (newest) return newest;
  throw new ForgeError('run.missing', `There is no run ${name}, and no task of that id has one.`);
}

/** Null: no task is meant, or several are. */
function taskIdOf(store: OperationContext['store'], name: string): string | null {
  try {
    return store.tasks.get(name).id;
  } catch (failure) {
    if (asForgeError(failure).code !== 'task.missing') throw failure;
    return null;
  }
}

/** The worktree of a run that has one: one that works, or has worked. */
export function placeOf(run: Run): Worktree {
  const worktree = worktreeOf(run);
  if (!worktree) throw new ForgeError('run.state', `Run ${run.id} has no worktree: it had not begun.`);
  return worktree;
}

export function worktreeOf(run: Run): Worktree | null {
  if (run.worktree === null || run.branch === null || run.base === null) return null;
  return { path: run.worktree, branch: run.branch, base: run.base };
}
