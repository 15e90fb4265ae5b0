import { ForgeError } from '../base/errors.ts';
import { inTurn } from '../base/keyed-queue.ts';
import { gitFailed } from './run-git.ts';
import { safePath } from './safe-path.ts';
import { listWorktrees } from './worktree-list.ts';

interface Input {
  commonDir: string;
  worktreesDirectory: string;
  path: string;
  /** Git on the main repository, with its filters blanked. */
  run: (args: readonly string[]) => Promise<string>;
}

/** See the port. One that a killed Forge left there is made anew; one that is on a branch is somebody's, and stays. */
export function throwAwayWorktree({ commonDir, worktreesDirectory, path: wanted, run }: Input) {
  const remove = (path: string) => run(['worktree', 'remove', '--force', '--force', '--', path]);
  return inTurn(commonDir, async () => {
    const path = safePath(worktreesDirectory, wanted);
    try {
      const listed = (await listWorktrees(run)).find((worktree) => worktree.path === path);
      if (listed?.branch) throw new ForgeError('git.failed', `${path} is on the branch ${listed.branch}`);
      if (listed) await remove(path);
      await run(['worktree', 'add', '--quiet', '--detach', '--', path, 'HEAD']);
    } catch (failure) {
      throw gitFailed(`git worktree add ${path}`, failure);
    }
    return {
      path,
      [Symbol.asyncDispose]: () => inTurn(commonDir, async () => void (await remove(path))),
    };
  });
}
