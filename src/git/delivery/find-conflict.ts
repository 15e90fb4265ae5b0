import { join } from 'node:path';
import type { DeliveryRequest } from '../../ports/delivery.ts';
import type { Environment, GitCall } from '../run-git.ts';
import { tryMerge } from '../try-merge.ts';
import { commitForTrial } from '../worktree-changes.ts';
import type { Target } from './refs.ts';

type Conflict = { files: string[]; against: string; asks?: string };

interface Input extends Pick<DeliveryRequest, 'others' | 'accepted'> {
  /** In a scratch repository. */
  call: GitCall;
  commonDir: string;
  environment: Environment;
  commit: string;
  targets: readonly Target[];
}

/**
 * The first one that the work does not merge with: the branch that it is for, or what another live run has in its worktree now,
 * unless a person has accepted that. `untried`: this git is too old to merge without a worktree.
 */
export async function findConflict(input: Input): Promise<Conflict | 'untried' | null> {
  const { call, commit, targets, others, accepted } = input;
  for (const target of targets) {
    const merge = await tryMerge(call, target.commit, commit);
    if (merge === null) return 'untried';
    if (!merge.isClean) return { files: named(merge.files), against: target.name };
  }
  for (const other of others.filter(({ branch }) => !accepted.includes(branch))) {
    const place = { commonDir: input.commonDir, environment: input.environment, worktree: other };
    // One whose folder is gone has nothing that could conflict.
    const trial = await commitForTrial(place, join(call.cwd, 'objects')).catch(() => null);
    const merge = trial && (await tryMerge(call, trial.commit, commit));
    if (merge && !merge.isClean) return { files: named(merge.files), against: other.branch, asks: other.branch };
  }
  return null;
}

/** Folders that were renamed on one side can conflict without a file that does. */
function named(files: string[]): string[] {
  return files.length > 0 ? files : ['renamed folders'];
}
