import { ForgeError } from '../base/errors.ts';
import type { Delivery } from '../ports/delivery.ts';
import { neutralFilters } from './filters.ts';
import { type Environment, type GitCall, gitFailed, runGit } from './run-git.ts';
import { worktreeGitDir } from './worktree-pointer.ts';

/** Delivers the work of worktrees of one repository. */
export function createDelivery(commonDir: string, environment: Environment): Delivery {
  const callIn = async (path: string): Promise<GitCall> => {
    const variables = { GIT_DIR: worktreeGitDir(commonDir, path), GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: path };
    const plain: GitCall = { cwd: path, environment, variables };
    return { ...plain, settings: await neutralFilters(plain) };
  };
  return {
    async deliver({ kind, task, worktree }) {
      if (kind === 'patch' || kind === 'pr') {
        throw new ForgeError('config.invalid', `Work cannot be delivered as ${kind} yet.`);
      }
      const call = await callIn(worktree.path);
      const run = (args: readonly string[]) =>
        runGit(call, args).catch((failure) => {
          throw gitFailed(`git ${args[0]} in ${worktree.path}`, failure);
        });
      await run(['add', '--all']);
      const isClean = (await run(['status', '--porcelain', '--untracked-files=no'])) === '';
      if (!isClean) await run(['commit', '--quiet', '--no-verify', '-m', task.title]);
      const commit = (await run(['rev-parse', 'HEAD'])).trim();
      if (commit === worktree.base) {
        return { type: 'done', reason: 'There was nothing to deliver.', awaits: false, commit: null };
      }
      const reason = `Committed on ${worktree.branch}.`;
      return { type: 'done', reason, awaits: kind === 'branch', commit };
    },
    async merged({ path, branch }) {
      const call = await callIn(path);
      const { cwd } = { cwd: commonDir };
      const isIn = await runGit({ ...call, cwd, variables: { GIT_DIR: commonDir } }, [
        ...['merge-base', '--is-ancestor', '--end-of-options', `refs/heads/${branch}`, 'HEAD'],
      ]).then(
        () => true,
        () => false,
      );
      return isIn ? { type: 'seen', reason: `${branch} was merged.` } : null;
    },
  };
}
