import { lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Repository } from './find-repository.ts';

/**
 * The repository around `cwd` where it is as plain as it nearly always is: a folder named `.git` in the checkout, or a
 * worktree that is linked to such a one, all of it this user's own. No git is started for it, which takes as long as drawing a
 * frame. Null: git must say, as for a submodule, another user's repository, a checkout that is mounted elsewhere, or when the
 * search has a ceiling.
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
    const entry = join(root, '.git');
    const commonDir = lstatSync(entry).isFile() ? linkedTo(entry) : entry;
    if (commonDir === null || !lstatSync(commonDir).isDirectory() || !isGitDirectory(commonDir)) return null;
    const main = dirname(commonDir);
    return [root, entry, main, commonDir].every(isOurs) ? { root: main, commonDir } : null;
  } catch {
    // A folder that is gone or may not be read: git has the words for it.
    return null;
  }
}

/** The git directory of the checkout that a worktree is linked to, when each of them names the other. */
function linkedTo(file: string): string | null {
  const [, directory] = /^gitdir: (\/[^\n]+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  if (directory === undefined || readFileSync(join(directory, 'gitdir'), 'utf8') !== `${file}\n`) return null;
  if (readFileSync(join(directory, 'commondir'), 'utf8') !== '../..\n') return null;
  const commonDir = realpathSync(join(directory, '../..'));
  return basename(commonDir) === '.git' ? commonDir : null;
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
