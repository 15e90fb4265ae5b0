import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { ForgeError } from '../base/errors.ts';

/**
 * `path`, which must be below `root`, with the links of `root` itself resolved. Makes the folders above it. Throws
 * `git.failed` when anything between the two is a link: git would follow it and write somewhere else.
 */
export function safePath(root: string, path: string): string {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const base = realpathSync(root);
  const below = isBelow(root, path) ? relative(root, path) : relative(base, path);
  if (!isAbsolute(path) || below === '' || below.startsWith('..') || isAbsolute(below)) {
    throw new ForgeError('git.failed', `${path} is not below ${root}, where Forge keeps its worktrees`);
  }
  let current = base;
  for (const part of below.split(sep)) {
    current = join(current, part);
    if (lstatSync(current, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new ForgeError('git.failed', `${current} is a symbolic link; Forge does not follow it`, {
        next: 'Remove the link.',
      });
    }
  }
  mkdirSync(dirname(current), { recursive: true, mode: 0o700 });
  return current;
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
