import { buildRouteMap } from '@stricli/core';
import type { PruneStep, RemovedWorktree, WorktreeRow } from '../../app/supervisor/worktree-control.ts';
import { age } from '../../base/age.ts';
import { asForgeError } from '../../base/errors.ts';
import { command, type Report, text } from '../command.ts';
import type { ForgeCli } from '../forge-cli.ts';
import { table } from '../output/table.ts';
import { worktreeRestoreCommand } from './checkpoint.ts';

const listCommand = command({
  summary: 'List the worktrees that Forge made here, and how each stands',
  example: 'forge worktree list',
  run: listed,
});

async function listed(forge: ForgeCli): Promise<Report> {
  const { worktrees, ahead } = await forge.call('worktree.list', {});
  const rows = worktrees.map((row) => [
    ...[row.task, row.run ? `${row.run} ${row.runStatus}` : 'no run', stateOf(row), sizeOf(row), ageOf(row)],
    ...[row.branch, row.path],
  ]);
  const shown = await table(rows, 'No worktrees. One is made when a task is dispatched.');
  return { json: { worktrees, ahead }, text: ahead > 0 ? `${shown}\n${ahead} made ahead and ready.` : shown };
}

const makeCommand = command<Record<string, unknown>, [string | undefined]>({
  summary: 'Make a worktree of another project, for work that spans both',
  example: 'cd "$(forge worktree park)"',
  details: [
    'Prints the path of a worktree of that project, on a branch of its own, with its files copied and its setup commands done. The same',
    'place of work gets the same one each time: the worktree of a task that the command runs in, otherwise the project. It has no run; it is',
    'pruned by its name. Without PROJECT: the worktrees of this one.',
  ].join('\n'),
  args: { kind: 'tuple', parameters: [{ ...text('project', 'As forge project list shows it'), optional: true }] },
  async run(forge, _flags, project) {
    if (project === undefined) return listed(forge);
    const made = await forge.worktreeIn(project);
    return { json: made, text: made?.path ?? 'Its setup commands take long, and go on: ask again for the path.' };
  },
});

const pruneCommand = command<{ dryRun?: boolean }, string[]>({
  summary: 'Remove worktrees of ended runs; work that is not merged is kept first',
  example: 'forge worktree prune --dry-run',
  details: [
    'Removes the worktrees of ended runs, or those of the tasks that are named. What is not merged, uncommitted and untracked',
    'files too, is kept as a commit below refs/forge/kept/ before. A branch goes only when all of it is merged. What stays, and why, is told:',
    'a worktree of a live run, one that a program works in, a locked one, one with a repository inside that has work of its own.',
  ].join('\n'),
  flags: { dryRun: { kind: 'boolean', brief: 'Only say what would be done', optional: true } },
  args: { kind: 'array', parameter: text('task', 'Ids of tasks, or paths of worktrees') },
  async run(forge, { dryRun = false }, ...names) {
    const plan = await forge.call('worktree.plan', { names });
    if (dryRun) return { json: plan, text: await table(plan.map(planRow), 'There is nothing to remove.') };
    const done: (PruneStep | RemovedWorktree)[] = [];
    // One after the other: a large one takes its time, and a call has an end.
    for (const step of plan) done.push(step.stays === null ? await removed(step) : step);
    const isRefused = names.length > 0 && done.some(({ stays }) => stays !== null);
    return {
      json: done,
      text: await table(done.map(doneRow), 'There is nothing to remove.'),
      ...(isRefused ? { status: 4 } : {}),
    };

    async function removed(step: PruneStep): Promise<PruneStep | RemovedWorktree> {
      try {
        const done = await forge.call('worktree.remove', { path: step.path });
        return done ?? { ...step, stays: 'its removal takes long, and goes on: forge worktree list' };
      } catch (failure) {
        return { ...step, stays: asForgeError(failure).sentence };
      }
    }
  },
});

export const worktreeCommands = buildRouteMap({
  docs: { brief: 'The worktrees that Forge made' },
  routes: { make: makeCommand, list: listCommand, prune: pruneCommand, restore: worktreeRestoreCommand },
  defaultCommand: 'make',
});

function planRow(step: PruneStep): string[] {
  if (step.stays !== null) return [step.task, 'stays', step.stays];
  const branch = step.isBranchRemoved ? `branch ${step.branch} too` : '';
  return [
    step.task,
    'goes',
    [step.isKept ? 'its work is kept first' : 'all of it is merged', branch].filter(Boolean).join(', '),
  ];
}

function doneRow(step: PruneStep | RemovedWorktree): string[] {
  if (step.stays !== null) return [step.task, 'stays', step.stays];
  const kept = 'kept' in step && step.kept ? `kept at ${step.kept}` : '';
  const branch = step.isBranchRemoved ? `branch ${step.branch} too` : '';
  return [step.task, 'removed', [kept, branch].filter(Boolean).join(', ')];
}

function stateOf({ state, isThere, changed, unpushed, isMerged, locked, processes, holds }: WorktreeRow): string {
  if (state !== 'made') return state === 'making' ? 'half made' : 'half removed';
  if (!isThere) return 'gone';
  if (changed === null) return 'unreadable';
  return [
    changed > 0 ? `${changed} uncommitted` : '',
    isMerged ? 'merged' : `${unpushed} unpushed`,
    locked === null ? '' : 'locked',
    processes.length > 0 ? 'in use' : '',
    holds.length > 0 ? 'holds other work' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function sizeOf({ bytes }: WorktreeRow): string {
  return bytes === null ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
}

function ageOf({ madeAt }: WorktreeRow): string {
  return madeAt === null ? '' : age(Date.now() - madeAt);
}
