import type { DeliveryRequest } from '../../ports/delivery.ts';
import type { Environment, GitCall } from '../run-git.ts';
import { scratchRepository } from '../scratch-repository.ts';
import { tryMerge } from '../try-merge.ts';
import type { Target } from './refs.ts';
import type { SharedTrials } from './shared-trials.ts';

type Conflict = { files: string[]; against: string; asks?: string };

interface Input extends Pick<DeliveryRequest, 'others' | 'accepted'> {
  /** In a scratch repository. */
  call: GitCall;
  commonDir: string;
  environment: Environment;
  commit: string;
  targets: readonly Target[];
  trials: SharedTrials;
}

/**
 * The first one that the work does not merge with: the branch that it is for, or what another live run has in its worktree now,
 * unless a person has accepted that. `untried`: this git is too old to merge without a worktree.
 */
export async function findConflict(input: Input): Promise<Conflict | 'untried' | null> {
  const { call, commit, targets } = input;
  for (const target of targets) {
    const merge = await tryMerge(call, target.commit, commit);
    if (merge === null) return 'untried';
    if (!merge.isClean) return { files: named(merge.files), against: target.name };
  }
  return amongOthers(input);
}

async function amongOthers(input: Input): Promise<Conflict | null> {
  const { commonDir, environment, commit, others, accepted, trials } = input;
  const open = others.filter(({ branch }) => !accepted.includes(branch));
  const read = await Promise.all(open.map(async (other) => ({ ...other, trial: await trials.of(other) })));
  // One whose folder is gone has nothing that could conflict.
  const present = read.flatMap(({ branch, trial }) => (trial ? [{ branch, trial }] : []));
  const folders = present.flatMap(({ trial }) => trial.objects ?? []);
  const scratch = scratchRepository(commonDir, environment, folders);
  try {
    for (const { branch, trial } of present) {
      const merge = await tryMerge(scratch.call, trial.commit, commit);
      if (merge && !merge.isClean) return { files: named(merge.files), against: branch, asks: branch };
    }
    return null;
  } finally {
    scratch.dispose();
    for (const { trial } of present) trial.dispose();
  }
}

/** Folders that were renamed on one side can conflict without a file that does. */
function named(files: string[]): string[] {
  return files.length > 0 ? files : ['renamed folders'];
}
