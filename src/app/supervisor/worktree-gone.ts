import type { Run } from '../../domain/run.ts';
import type { OperationContext } from '../context.ts';
import { placeOf } from '../operations/run/read.ts';

/** What a person is told when the folder of a run was removed under it; null: it is there. Made anew it would lack what was in no commit. */
export function worktreeGone({ git }: Pick<OperationContext, 'git'>, run: Run): string | null {
  const worktree = placeOf(run);
  if (git.snapshots.isThere(worktree)) return null;
  const next = `Bring back what it was: forge checkpoint list ${run.id}, forge rewind ${run.id} NUMBER.`;
  return `The worktree ${worktree.path} is gone. ${next} Then let the run go on.`;
}
