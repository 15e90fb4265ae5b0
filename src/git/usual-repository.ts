import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Repository } from './find-repository.ts';

/**
 * The repository around `cwd` where it is as plain as it nearly always is: a folder named `.git` in the checkout, both this
 * user's own. No git is started for it, which takes as long as drawing a frame. Null: git must say, as for a linked worktree,
 * a submodule, another user's repository, a checkout that is mounted elsewhere, or when the search has a ceiling.
 */
export function usualRepository(cwd: string, environment: Record<string, string | undefined>): Repository | null {
  if (environment.GIT_CEILING_DIRECTORIES) return null;
  try {
    let root = realpathSync(cwd);
    const { dev } = lstatSync(root);
    while (entryOf(join(root, '.git')) === null) {
      if (isGitDirectory(root) || dirname(root) === root) return null;
      root = dirname(root);
      if (lstatSync(root).dev !== dev) return null;
    }
    const commonDir = join(root, '.git');
    const isUsual = lstatSync(commonDir).isDirectory() && isGitDirectory(commonDir);
    return isUsual && [root, commonDir].every(isOurs) ? { root, commonDir } : null;
  } catch {
    // A folder that is gone or may not be read: git has the words for it.
    return null;
  }
}

function entryOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function isOurs(path: string): boolean {
  return lstatSync(path).uid === process.getuid?.();
}

/** By what git itself asks for before it takes a folder for a repository. */
function isGitDirectory(path: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => entryOf(join(path, name)) !== null);
}
