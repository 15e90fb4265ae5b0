import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../../base/keyed-queue.ts';
import type { Worktree } from '../../ports/git.ts';
import { neutralFilters } from '../filters.ts';
import { type Environment, type GitCall, gitFailed } from '../run-git.ts';
import { temporaryFolder } from '../temporary-folders.ts';
import { keeper } from '../worktree-changes.ts';
import { worktreeGitDir } from '../worktree-pointer.ts';

export interface Place {
  commonDir: string;
  environment: Environment;
  worktree: Worktree;
}

/** A worktree in the hands of one act. */
export interface OpenWorktree extends Place {
  gitDir: string;
  /** Git in the worktree without an index: the agent's may be damaged. */
  call: GitCall;
  /** The same with an index. */
  callWith: (index: string) => GitCall;
  /** A folder for this act, on no account in the repository. */
  scratch: string;
}

/** Everything on the disk counts as it is, whatever an agent wrote into the configuration. */
const settings: readonly (readonly [string, string])[] = [
  ['core.fileMode', 'true'],
  ['core.symlinks', 'true'],
  ['core.sparseCheckout', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.splitIndex', 'false'],
  ['index.sparse', 'false'],
  ['status.showUntrackedFiles', 'all'],
];

/** One act at a time in a worktree. */
export function withWorktree<T>(place: Place, act: (open: OpenWorktree) => Promise<T>): Promise<T> {
  const { commonDir, environment, worktree } = place;
  return inTurn(worktree.path, async () => {
    const scratch = temporaryFolder('index');
    try {
      const gitDir = worktreeGitDir(commonDir, worktree.path);
      const variables = {
        GIT_DIR: gitDir,
        GIT_COMMON_DIR: commonDir,
        GIT_WORK_TREE: worktree.path,
        ...keeper,
      };
      const plain: GitCall = { cwd: worktree.path, environment, variables };
      const neutral: GitCall = { ...plain, settings: [...settings, ...(await neutralFilters(plain))] };
      const callWith = (index: string) => ({ ...neutral, variables: { ...variables, GIT_INDEX_FILE: index } });
      const call = callWith(join(scratch, 'no-index'));
      return await act({ ...place, gitDir, call, callWith, scratch });
    } catch (failure) {
      throw gitFailed(`git in ${worktree.path}`, failure);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
