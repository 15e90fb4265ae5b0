import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
