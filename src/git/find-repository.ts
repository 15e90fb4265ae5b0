import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { type Environment, GitFailure, gitFailed, runGit } from './run-git.ts';

export interface Repository {
  /** Absolute path of the main checkout, links resolved. */
  root: string;
  /** Absolute path of the git directory that its linked worktrees share. */
  commonDir: string;
}

/**
 * The repository around `cwd`: its main checkout, also when `cwd` is in a subfolder or in a linked worktree. Throws
 * `git.missing`, `repository.missing`, and `repository.unusable` for a bare one or one without a commit.
 */
export async function findRepository(cwd: string, environment: Environment): Promise<Repository> {
  if (!existsSync(cwd)) throw new ForgeError('repository.missing', `${cwd} does not exist`);
  const commonDir = realpathSync(resolve(cwd, await commonDirOf(cwd, environment)));
  const ask = (directory: string, ...args: string[]) =>
    runGit({ cwd: directory, environment }, ['rev-parse', ...args]).then((answer) => answer.replace(/\n$/, ''));
  const hasCommit = (root: string) =>
    ask(root, '--verify', '--quiet', 'HEAD^{commit}').then(
      () => true,
      () => false,
    );
  // Where the checkout is nearly always: asked at the same time, since each call of git takes as long as drawing a frame.
  const usualRoot = basename(commonDir) === '.git' ? dirname(commonDir) : null;
  const usualHasCommit = usualRoot === null ? null : hasCommit(usualRoot);
  const isBare = (await ask(commonDir, '--is-bare-repository')) === 'true';
  // A worktree of a bare repository is a checkout of its own: there is no main one.
  const worktree = isBare ? await ask(cwd, '--show-toplevel').catch(() => null) : null;
  if (isBare && worktree === null) {
    throw new ForgeError('repository.unusable', `the repository at ${commonDir} is bare: it has no working tree`);
  }
  // A submodule and --separate-git-dir keep the git directory elsewhere; then git itself knows the working tree.
  const top = worktree ?? usualRoot ?? (await ask(cwd, '--show-toplevel').catch(() => null));
  if (top === null) throw new ForgeError('repository.unusable', `${cwd} is inside a git directory`);
  const root = realpathSync(top);
  if (!(await (isBare ? hasCommit(root) : (usualHasCommit ?? hasCommit(root))))) {
    throw new ForgeError('repository.unusable', `the repository at ${root} has no commits yet`, {
      next: 'Make a first commit: git commit --allow-empty -m "First commit"',
    });
  }
  return { root, commonDir };
}

async function commonDirOf(cwd: string, environment: Environment): Promise<string> {
  try {
    return (await runGit({ cwd, environment }, ['rev-parse', '--git-common-dir'])).replace(/\n$/, '');
  } catch (failure) {
    if (!(failure instanceof GitFailure)) throw failure;
    if (failure.message.includes('not a git repository')) {
      throw new ForgeError('repository.missing', `${cwd} is not inside a git repository`);
    }
    if (failure.message.includes('dubious ownership')) {
      throw new ForgeError('repository.unusable', `the repository at ${cwd} belongs to another user`, {
        next: 'If you trust it: git config --global --add safe.directory PATH',
      });
    }
    throw gitFailed('git rev-parse', failure);
  }
}
