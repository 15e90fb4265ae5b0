import { resolve } from 'node:path';
import { numberParser } from '@stricli/core';
import { age } from '../../base/age.ts';
import { counted } from '../../base/counted.ts';
import { refOf } from '../../domain/checkpoint.ts';
import { command, text } from '../command.ts';
import { table } from '../output/table.ts';

const runArgument = text('run', 'Id of the run, or of its task');

export const checkpointListCommand = command<Record<string, unknown>, [string]>({
  summary: 'List the checkpoints of a run, oldest first',
  example: 'forge checkpoint list fg-a3f8-1',
  details:
    'A checkpoint is made before each turn of the agent: all files but ignored ones, what is staged, and the branch. Shown: number, age, how many files differ from the one before, and what it was made before.',
  args: { kind: 'tuple', parameters: [runArgument] },
  async run(forge, _flags, name) {
    const { run, checkpoints } = await forge.call('checkpoint.list', { run: name });
    const rows = checkpoints.map(({ number, at, files, why, leftOut }) => [
      String(number),
      age(Date.now() - at),
      counted(files, 'file'),
      `before ${why}`,
      leftOut.length > 0 ? `without: ${leftOut.join(', ')}` : '',
    ]);
    const json = checkpoints.map((checkpoint) => ({ ...checkpoint, ref: refOf(checkpoint) }));
    return { json: { run, checkpoints: json }, text: await table(rows, `Run ${run} has no checkpoint yet.`) };
  },
});

export const rewindCommand = command<Record<string, unknown>, [string, number | undefined]>({
  summary: 'Take the worktree of a run back to a checkpoint',
  example: 'forge rewind fg-a3f8-1 3',
  details:
    'Files, untracked ones too, what is staged, and the branch are what they were; what was made since is gone, what git ignores stays. All that is there now is kept first, and comes back with: forge worktree restore RUN. Without CHECKPOINT: the newest one that differs from what is there. An agent that is at work has to be stopped first: forge pause RUN.',
  args: {
    kind: 'tuple',
    parameters: [
      runArgument,
      { placeholder: 'checkpoint', brief: 'Its number: forge checkpoint list', parse: numberParser, optional: true },
    ],
  },
  async run(forge, _flags, name, checkpoint) {
    const { run, to, kept } = await forge.call('run.rewind', { run: name, checkpoint });
    const json = { run, checkpoint: to.number, kept: kept && refOf(kept), leftOut: to.leftOut };
    if (!kept) return { json, text: `Run ${run} is as it was at checkpoint ${to.number} already. Nothing was done.` };
    const lines = [
      `Run ${run} is as it was at checkpoint ${to.number}.`,
      `What was there is kept; undo it with: forge worktree restore ${refOf(kept)}`,
      ...(to.leftOut.length > 0 ? [`Not in that checkpoint, and left as it is: ${to.leftOut.join(', ')}`] : []),
    ];
    return { json, text: lines.join('\n') };
  },
});

export const worktreeRestoreCommand = command<{ to?: string }, [string | undefined]>({
  summary: 'Bring kept work back, into its worktree or a new one',
  example: 'forge worktree restore fg-a3f8-1 --to ../fg-a3f8-again',
  details:
    'Everything in a worktree is kept before a rewind and at the end of a run. RUN brings back the newest of what is kept of it, REF that one. What is in the worktree now is kept first. With --to: into a new worktree there, on a branch of its own. Without a name: lists what is kept.',
  flags: { to: { kind: 'parsed', parse: String, brief: 'Where to make a new worktree', optional: true } },
  args: {
    kind: 'tuple',
    parameters: [{ ...text('name', 'Id of a run or task, or a ref below refs/forge/'), optional: true }],
  },
  async run(forge, { to }, name) {
    if (name === undefined) {
      const all = await forge.call('kept.list', {});
      const rows = all.map(({ ref, at, why }) => [
        ref,
        at === null ? '' : age(Date.now() - at),
        why === '' ? '' : `before ${why}`,
      ]);
      return { json: all, text: await table(rows, 'Nothing is kept yet.') };
    }
    const path = to === undefined ? undefined : resolve(to);
    const restored = await forge.call('kept.restore', { name, to: path });
    const lines = [
      `${restored.ref} is in ${restored.path}, on branch ${restored.branch}.`,
      ...(restored.kept ? [`What was there is kept as ${restored.kept}.`] : []),
    ];
    return { json: restored, text: lines.join('\n') };
  },
});
