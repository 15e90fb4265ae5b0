import { numberParser } from '@stricli/core';
import { ForgeError } from '../../../base/errors.ts';
import type { Run } from '../../../domain/run.ts';
import { command, text } from '../../command.ts';
import { runJson } from '../../output/run.ts';
import { table } from '../../output/table.ts';

export const dispatchCommand = command<
  { ready?: boolean; batch?: string; max?: number },
  [string | undefined, string | undefined]
>({
  summary: 'Start a run of a task on a worker',
  example: 'forge dispatch fg-a3f8 worker-1',
  details:
    'Makes a worktree and a branch for the task and starts the agent there with the task as its prompt. Without WORKER the first idle one takes it. With --ready: everything that is ready, on the workers that are idle; with --batch: what of a batch is.',
  flags: {
    ready: { kind: 'boolean', brief: 'Everything that is ready, most urgent first', optional: true },
    batch: { kind: 'parsed', parse: String, brief: 'What is ready of this batch', optional: true },
    max: { kind: 'parsed', parse: numberParser, brief: 'With --ready or --batch: at most this many', optional: true },
  },
  args: {
    kind: 'tuple',
    parameters: [
      { ...text('task', 'Id of the task'), optional: true },
      { ...text('worker', 'Name of the worker'), optional: true },
    ],
  },
  async run(forge, { ready, batch, max }, task, worker) {
    if (task === undefined && !ready && batch === undefined) {
      throw new ForgeError('usage.invalid', 'Which task?', {
        next: 'Name one: forge dispatch TASK. Or all that are ready: forge dispatch --ready',
      });
    }
    const runs =
      task === undefined
        ? await forge.call('run.dispatch.ready', { max, batch })
        : [await forge.call('run.dispatch', { task, worker })];
    const json = {
      runs: runs.map(({ id, task, status, worktree, branch, session }) => ({
        id,
        task,
        status,
        worktree,
        branch,
        session,
      })),
    };
    const lines = runs.map((run) => `${run.task} goes to ${run.worker} as run ${run.id}.`);
    return { json, text: lines.join('\n') || 'Nothing was started: nothing is ready, or no worker is idle.' };
  },
});

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

function handCommand(
  name: 'run.cancel' | 'run.approve' | 'run.pause',
  summary: string,
  example: string,
  done: (run: Run) => string,
) {
  return command<Record<string, unknown>, [string]>({
    summary,
    example,
    args: { kind: 'tuple', parameters: [text('run', 'Id of the run, or of its task')] },
    async run(forge, _flags, id) {
      const run = await forge.call(name, { run: id });
      return { json: runJson(run), text: done(run) };
    },
  });
}

export const cancelCommand = handCommand(
  'run.cancel',
  'End a run; its worktree and branch stay',
  'forge cancel fg-a3f8-1',
  (run) => `Run ${run.id} is cancelled. What it did stays in ${run.worktree ?? 'no worktree: it had not begun'}.`,
);

export const approveCommand = handCommand(
  'run.approve',
  'Accept the work of a run: its gates run if they have not passed, then it is delivered',
  'forge approve fg-a3f8-1',
  (run) =>
    run.status === 'done'
      ? `Run ${run.id} is done and ${run.task} is closed. Its work is on branch ${run.branch}.`
      : `Run ${run.id} is accepted: ${run.status}. See what comes of it: forge run show ${run.id}`,
);

export const pauseCommand = handCommand(
  'run.pause',
  'Stop the agent of a run for now; its session stays',
  'forge pause fg-a3f8-1',
  (run) => `Run ${run.id} is paused. Let it go on with: forge resume ${run.id}`,
);

export const resumeCommand = command<Record<string, unknown>, [string | undefined]>({
  summary: 'Let a paused run go on, in the conversation where it was',
  example: 'forge resume fg-a3f8-1',
  details:
    'A run whose session was lost (the machine was started anew) goes on in a new one, in the same worktree: with the same conversation if its agent still has it, otherwise with a new one. Without RUN: lists what is paused.',
  args: { kind: 'tuple', parameters: [{ ...text('run', 'Id of the run, or of its task'), optional: true }] },
  async run(forge, _flags, id) {
    if (id !== undefined) {
      const run = await forge.call('run.resume', { run: id });
      return { json: runJson(run), text: `Run ${run.id} goes on.` };
    }
    const paused = (await forge.call('run.list', {})).filter((run) => run.status === 'paused');
    const rows = paused.map((run) => [run.id, run.worker, run.reason]);
    return { json: paused.map(runJson), text: await table(rows, 'No run is paused.') };
  },
});
