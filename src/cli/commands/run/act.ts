import { ForgeError } from '../../../base/errors.ts';
import { partlyCancelled } from '../../../domain/partly-cancelled.ts';
import type { Run } from '../../../domain/run.ts';
import { queuedFirst } from '../../../domain/run.ts';
import { command, text } from '../../command.ts';
import { runJson } from '../../output/run.ts';
import { table } from '../../output/table.ts';

function handCommand(name: 'run.approve' | 'run.pause', summary: string, example: string, done: (run: Run) => string) {
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

export const cancelCommand = command<{ all?: boolean }, string[]>({
  summary: 'End runs; their worktrees and branches stay',
  example: 'forge cancel fg-a3f8-1',
  flags: { all: { kind: 'boolean', brief: 'All that have not ended, queued ones too', optional: true } },
  args: { kind: 'array', parameter: text('run', 'Id of a run, or of its task') },
  async run(forge, { all = false }, ...names) {
    if (all === names.length > 0)
      throw new ForgeError('usage.invalid', all ? '--all goes with no names.' : 'Which run?', {
        next: 'Name some: forge cancel RUN…. Or: forge cancel --all',
      });
    const live = all ? (await forge.call('run.list', {})).filter(({ endedAt }) => endedAt === null) : [];
    const asked = all ? live.sort(queuedFirst).map(({ id }) => id) : names;
    const outcomes = await Promise.allSettled(asked.map((run) => forge.call('run.cancel', { run })));
    const cancelled = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const [refused] = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (refused !== undefined) throw partlyCancelled(refused.reason, cancelled);
    const lines = cancelled.map(
      ({ id, worktree }) =>
        `Run ${id} is cancelled. ${worktree === null ? 'It had not begun.' : `What it did stays in ${worktree}.`}`,
    );
    const json = cancelled.map(runJson);
    return { json: names.length === 1 ? json[0] : json, text: lines.join('\n') || 'No run is live.' };
  },
});

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
