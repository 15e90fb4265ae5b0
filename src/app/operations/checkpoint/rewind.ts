import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { randomId } from '../../../base/ids.ts';
import { brokenOff, type Checkpoint, readRef, refOf } from '../../../domain/checkpoint.ts';
import type { SupervisorContext } from '../../context.ts';
import { supervisorOperation } from '../../define-operation.ts';
import { findRun } from '../run/read.ts';

export const runRewind = supervisorOperation({
  name: 'run.rewind',
  summary: 'Take the worktree of a run back to a checkpoint; what is there is kept first',
  input: z.object({
    run: z.string(),
    /** Left out: the newest one that differs from what is there. */
    checkpoint: z.int().min(1).optional(),
  }),
  run: (context, { run, checkpoint }) =>
    context.checkpoints.rewindAtRest(findRun(context, run), checkpoint ?? null, context.actor),
});

export const keptRestore = supervisorOperation({
  name: 'kept.restore',
  summary: 'Bring kept work back, into its worktree or a new one',
  input: z.object({
    /** A ref, or a run or task: its newest kept work. */
    name: z.string(),
    /** Absolute path of a worktree to make; left out: the one of the run, whose content is kept first. */
    to: z.string().optional(),
  }),
  run: async (context, { name, to }) => {
    const ref = name.startsWith('refs/') ? name : refOf(newestKept(context, name));
    const run = readRef(ref)?.run;
    if (to === undefined) {
      if (run === undefined) {
        throw new ForgeError('usage.invalid', `${ref} is of no run that is known.`, {
          next: `Bring it back elsewhere: forge worktree restore ${ref} --to PATH`,
        });
      }
      const { to: restored, kept } = await context.checkpoints.rewindAtRest(
        findRun(context, run),
        { ref },
        context.actor,
      );
      const { worktree, branch } = context.store.runs.get(run);
      return { ref: refOf(restored), path: worktree, branch, kept: kept && refOf(kept) };
    }
    const commit = await commitOf(context, ref);
    const base = run === undefined ? 'restored' : (findRun(context, run).branch ?? 'restored');
    const made = await context.git.snapshots.restoreTo(to, `${base}-${randomId(4)}`, commit);
    return { ref, path: made.path, branch: made.branch, kept: null };
  },
});

/** A run that was taken back by mistake: what was there before is the newest of what is kept. */
function newestKept(context: SupervisorContext, name: string): Checkpoint {
  const { id } = findRun(context, name);
  const newest = context.store.checkpoints.list(id, 'kept').findLast(({ why }) => why !== brokenOff);
  if (newest) return newest;
  throw new ForgeError('checkpoint.missing', `Nothing is kept of run ${id}.`, {
    next: `See its checkpoints: forge checkpoint list ${id}. All that is kept: forge worktree restore`,
  });
}

async function commitOf({ git }: SupervisorContext, ref: string): Promise<string> {
  for (const folder of ['kept', 'checkpoints']) {
    const commit = (await git.snapshots.refs(folder)).get(ref);
    if (commit !== undefined) return commit;
  }
  throw new ForgeError('checkpoint.missing', `There is no ${ref}.`);
}
