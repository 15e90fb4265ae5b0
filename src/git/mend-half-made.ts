import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readMarker } from './worktree-marker.ts';

/** What git says of every worktree of a repository while one of them has an empty `commondir`. */
export const halfMadeWorktree = /failed to read .*\/worktrees\/[^/]+\/commondir/;

/**
 * A git that was killed between making and writing `commondir` leaves it empty, and from then on `git worktree list` fails for the
 * whole repository. It is given what git would have written, if the worktree is one that Forge had begun to make.
 */
export function mendHalfMade(commonDir: string): void {
  const folder = join(commonDir, 'worktrees');
  for (const name of readdirSync(folder)) {
    const file = join(folder, name, 'commondir');
    if (textOf(file) !== '') continue;
    const path = dirname(textOf(join(folder, name, 'gitdir')) || '.');
    if (readMarker(path)?.state === 'making') writeFileSync(file, '../..\n');
  }
}

/**
 * Removes what a git left that was killed before it had written which worktree it was making: no list shows it, and since it is locked no
 * prune removes it. `path`: of one that Forge had begun to make; git names its folder after that, with a number behind when the name is taken.
 */
export function dropUnpointed(commonDir: string, path: string): void {
  const folder = join(commonDir, 'worktrees');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(basename(path)) || !/^\d*$/.test(name.slice(basename(path).length))) continue;
    const isPointed = textOf(join(folder, name, 'gitdir')) !== '';
    const others = readdirSync(join(folder, name)).filter((file) => file !== 'gitdir' && file !== 'locked');
    if (!isPointed && others.length === 0) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
