import type { Git, Worktree } from '../ports/git.ts';
import { ensureWorktree, type RunIn } from './ensure-worktree.ts';
import { neutralFilters } from './filters.ts';
import { findRepository, type Repository } from './find-repository.ts';
import { includedFiles } from './included-files.ts';
import { createMergeTrials } from './merge-trials.ts';
import { openWorktrees } from './open-worktrees.ts';
import { type Environment, type GitCall, gitFailed, runGit } from './run-git.ts';
import { openSnapshots } from './snapshots/open-snapshots.ts';
import { throwAwayWorktree } from './throw-away-worktree.ts';
import { checkoutCall } from './transport.ts';
import { worktreeCall } from './worktree-call.ts';
import { type Place, worktreeDiff, worktreeDiffStat } from './worktree-changes.ts';

export interface OpenGitInput {
  /** Any path inside the repository, or what `findRepository` found there. */
  root: string | Repository;
  /** The folder that all worktrees of Forge are below. */
  worktreesDirectory: string;
  /** The environment that Forge was started with. */
  environment: Environment;
}

/** Git on the repository at `root`. Throws what `findRepository` throws. */
export async function openGit({ root: place, worktreesDirectory, environment }: OpenGitInput): Promise<Git> {
  const { root, commonDir } = typeof place === 'string' ? await findRepository(place, environment) : place;
  const main: GitCall = { cwd: root, environment, variables: { GIT_DIR: commonDir } };
  const placeOf = (worktree: Worktree): Place => ({
    ...{ commonDir, environment, worktree },
    ...(worktree.path === root ? { gitDir: commonDir } : {}),
  });
  return {
    root,
    commonDir,
    worktrees: openWorktrees({ main, commonDir, worktreesDirectory }),
    snapshots: openSnapshots({ root, commonDir, environment }),
    async currentBranch() {
      const head = await runGit(main, ['rev-parse', '--symbolic-full-name', 'HEAD']).catch((failure) => {
        throw gitFailed('git rev-parse HEAD', failure);
      });
      return head.startsWith('refs/heads/') ? head.trim().slice('refs/heads/'.length) : null;
    },
    ensureWorktree(path, branch, wish = {}) {
      let asked: Promise<GitCall> | null = null;
      const forCheckout = () => {
        asked ??= checkoutCall(main);
        asked.catch(() => {});
        return asked;
      };
      const run = (args: readonly string[]) => runGit(main, args);
      const runIn: RunIn = async (worktree, args, settings = []) => {
        const call = await forCheckout();
        const { variables } = worktreeCall(main, commonDir, worktree);
        const all = [...(call.settings ?? []), ...settings];
        return runGit({ ...call, cwd: worktree, variables: { ...call.variables, ...variables }, settings: all }, args);
      };
      const readyCheckout = () => void forCheckout();
      return ensureWorktree({
        ...wish,
        ...{ root, commonDir, worktreesDirectory, path, branch, run, runIn, readyCheckout },
      });
    },
    includedFiles: () => includedFiles(root, (args) => runGit(main, args)),
    async throwAwayWorktree(path) {
      const call: GitCall = { ...main, settings: await neutralFilters(main) };
      return throwAwayWorktree({ commonDir, worktreesDirectory, path, run: (args) => runGit(call, args) });
    },
    diffStat: (worktree) => worktreeDiffStat(placeOf(worktree)),
    diff: (worktree, bytesMax) => worktreeDiff(placeOf(worktree), bytesMax),
    trials: createMergeTrials({ commonDir, environment, main, placeOf }),
  };
}
