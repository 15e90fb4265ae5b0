import { existsSync } from 'node:fs';
import type { DeliveryRequest } from '../../ports/delivery.ts';
import type { Environment, GitCall } from '../run-git.ts';
import { scratchRepository } from '../scratch-repository.ts';
import { mergeTreeVersion, tryMerge } from '../try-merge.ts';
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

/** `conflict`: with the first one that the work does not merge with. `untried`: what could not be tried, a sentence each. */
interface Found {
  conflict: Conflict | null;
  untried: string[];
}

/**
 * Tries whether the work merges with the branch that it is for, and with what each other live run has in its worktree now, unless a person
 * has accepted that.
 */
export async function findConflict(input: Input): Promise<Found> {
  const { call, commit, targets } = input;
  for (const target of targets) {
    const merge = await tryMerge(call, target.commit, commit);
    if (merge === null)
      return { conflict: null, untried: [untried('', `that needs git ${mergeTreeVersion} or newer`)] };
    if (!merge.isClean) return { conflict: { files: named(merge.files), against: target.name }, untried: [] };
  }
  return amongOthers(input);
}

async function amongOthers(input: Input): Promise<Found> {
  const { commonDir, environment, commit, others, accepted, trials } = input;
  const open = others.filter(({ branch }) => !accepted.includes(branch));
  const read = await Promise.all(open.map(async (other) => ({ ...other, trial: await trials.of(other) })));
  const present = read.flatMap(({ branch, trial }) => (trial ? [{ branch, trial }] : []));
  // One whose folder is gone has nothing that could conflict.
  const unread = read.filter(({ path, trial }) => trial === null && existsSync(path));
  const folders = present.flatMap(({ trial }) => trial.objects ?? []);
  const scratch = scratchRepository(commonDir, environment, folders);
  try {
    for (const { branch, trial } of present) {
      const merge = await tryMerge(scratch.call, trial.commit, commit);
      if (merge && !merge.isClean)
        return { conflict: { files: named(merge.files), against: branch, asks: branch }, untried: [] };
    }
    const why = 'its worktree cannot be read';
    return { conflict: null, untried: unread.map(({ branch }) => untried(` with ${branch}`, why)) };
  } finally {
    scratch.dispose();
    for (const { trial } of present) trial.dispose();
  }
}

function untried(what: string, why: string): string {
  return `Whether it merges${what} was not tried: ${why}.`;
}

/** Folders that were renamed on one side can conflict without a file that does. */
function named(files: string[]): string[] {
  return files.length > 0 ? files : ['renamed folders'];
}
