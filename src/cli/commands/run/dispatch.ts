import { numberParser } from '@stricli/core';
import { ForgeError } from '../../../base/errors.ts';
import { randomId } from '../../../base/ids.ts';
import { dispatchedText } from '../../../domain/dispatched-text.ts';
import type { Run } from '../../../domain/run.ts';
import { command, type Report, text } from '../../command.ts';
import type { ForgeCli } from '../../forge-cli.ts';
import { outcomeReport } from '../../output/outcome.ts';
import { runJson } from '../../output/run.ts';
import { watchRuns } from '../../watch-runs.ts';

type DispatchFlags = { ready?: boolean; batch?: string; max?: number; watch?: boolean };

export const dispatchCommand = command<DispatchFlags, [string | undefined, string | undefined]>({
  summary: 'Start a run of a task on a worker',
  example: 'forge dispatch fg-a3f8 worker-1',
  details: [
    'Makes a worktree and a branch for the task and starts the agent there with the task as its prompt. Without WORKER the first that is idle takes it. What cannot begin now (it depends on an open task, no worker is idle, a limit is reached) is queued, and begins when it can: forge runs says what it waits for.',
    'With --ready: everything that is ready, most urgent first; with --batch: what of a batch is, each in its own project; with --max: at most so many of these at once. With --watch: prints each step, dispatches what becomes ready meanwhile, and ends when nothing more can be done without you; the exit status is 0 when all ended well, 1 when a run failed, 5 when one needs you. Ctrl-C leaves the runs alive.',
  ].join('\n\n'),
  flags: {
    ready: { kind: 'boolean', brief: 'Everything that is ready, most urgent first', optional: true },
    batch: { kind: 'parsed', parse: String, brief: 'What is ready of this batch', optional: true },
    max: {
      kind: 'parsed',
      parse: numberParser,
      brief: 'With --ready or --batch: at most this many at once',
      optional: true,
    },
    watch: { kind: 'boolean', brief: 'Follow the runs until nothing more can be done', optional: true },
  },
  args: {
    kind: 'tuple',
    parameters: [
      { ...text('task', 'Id of the task'), optional: true },
      { ...text('worker', 'Name of the worker'), optional: true },
    ],
  },
  async run(forge, flags, task, worker) {
    const { ready, batch, max, watch } = flags;
    const group = randomId(6);
    if (task === undefined && !ready && batch === undefined) {
      throw new ForgeError('usage.invalid', 'Which task?', {
        next: 'Name one: forge dispatch TASK. Or all that are ready: forge dispatch --ready',
      });
    }
    const runs =
      task === undefined
        ? await dispatchReady(forge, { max, group, batch })
        : [await forge.call('run.dispatch', { task, worker })];
    const lines = runs.map(dispatchedText);
    if (watch) return follow(forge, { ...flags, group, task }, runs, lines);
    return {
      json: { runs: runs.map(dispatchJson) },
      text: lines.join('\n') || 'Nothing was dispatched: nothing is ready.',
    };
  },
});

/** All that is ready here, or of a batch, wherever. */
function dispatchReady(
  forge: ForgeCli,
  { batch, ...asked }: { max?: number; group: string; batch?: string; except?: string[] },
): Promise<Run[]> {
  return batch === undefined
    ? forge.call('run.dispatch.ready', asked)
    : forge.call('batch.dispatch', { ...asked, name: batch });
}

async function follow(
  forge: ForgeCli,
  { max, batch, json, group, task }: DispatchFlags & { json?: boolean; group: string; task: string | undefined },
  runs: readonly Run[],
  lines: readonly string[],
): Promise<Report> {
  const say = (line: string) => (json ? forge.note([line]) : forge.print([line]));
  for (const line of lines) say(line);
  const tasks = new Set(runs.map((run) => run.task));
  const ofBatch = batch === undefined ? null : (await forge.call('batch.status', { name: batch })).tasks;
  const result = await watchRuns(forge, {
    tasks,
    projects: ofBatch && [...new Set(ofBatch.map(({ project }) => project))],
    say,
    // Each once: one that failed stays ready.
    onView: async (view) => {
      const live = new Set(view.runs.flatMap((run) => (run.endedAt === null ? [run.task] : [])));
      if (task !== undefined || !view.tasks.some(({ id, isReady }) => isReady && !tasks.has(id) && !live.has(id)))
        return [];
      const started = await dispatchReady(forge, { max, group, batch, except: [...tasks] });
      for (const run of started) {
        tasks.add(run.task);
        say(dispatchedText(run));
      }
      return started.map(({ id }) => id);
    },
  });
  return outcomeReport(result);
}

function dispatchJson({ id, task, status, reason, worktree, branch, session }: Run) {
  return { id, task, status, reason, worktree, branch, session };
}

export const forkCommand = command<{ prompt?: string }, [string, string | undefined]>({
  summary: 'Start a second run with a copy of the conversation and the worktree of a run',
  example: 'forge fork fg-a3f8 worker-2 --prompt "Try it without the cache."',
  details:
    'Makes a task of its own beside the first, a worktree with the same content (uncommitted and untracked files too) on a branch of its own, and starts the agent there with a copy of the conversation. The first run goes on. Without WORKER the first idle one of the same agent takes it.',
  flags: {
    prompt: { kind: 'parsed', parse: String, brief: 'What it is told to do instead of the task', optional: true },
  },
  args: {
    kind: 'tuple',
    parameters: [
      text('run', 'Id of the run, or of its task'),
      { ...text('worker', 'Name of the worker'), optional: true },
    ],
  },
  async run(forge, { prompt }, name, worker) {
    const run = await forge.call('run.fork', { run: name, worker, words: prompt ?? '' });
    return {
      json: runJson({ ...run, cost: null }),
      text: `${run.worker} goes on from there as ${run.task}, in run ${run.id}.`,
    };
  },
});
