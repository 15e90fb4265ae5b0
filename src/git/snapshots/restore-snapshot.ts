import { copyFileSync, linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ForgeError } from '../../base/errors.ts';
import { copyIndex } from '../copy-index.ts';
import { gitBytes } from '../git-bytes.ts';
import { refuseTakenBranch, writeHead } from './head-state.ts';
import { takeInHidden, treeOnDisk } from './hidden-files.ts';
import { writeIndexState } from './index-state.ts';
import { type OpenWorktree, type Place, withWorktree } from './open-worktree.ts';
import { readPresent, removePaths } from './present-index.ts';
import { readSnapshot } from './snapshot-commit.ts';

/** Another git may hold the index for some ms. */
const lockAttempts = 50;
const lockPauseMs = 100;

/** See the port; `onBranch` instead of the one of then. Every step asks what is there: after a kill in any of them, all of them are done again. */
export function restoreSnapshot(place: Place, commit: string, onBranch?: string): Promise<void> {
  return withWorktree(place, async (open) => {
    const found = await readSnapshot(open, commit);
    const snapshot = onBranch ? { ...found, head: { ...found.head, branch: onBranch } } : found;
    await refuseTakenBranch(open, snapshot.head);
    await freeIndex(open);
    const present = await readPresent(open, true);
    const files = await treeOnDisk(open, snapshot);
    const staying = await takeInHidden(open, present, files, snapshot);
    await removePaths(present.call, staying);
    await gitBytes(present.call, ['read-tree', '--reset', '-u', files]);
    const index = join(open.scratch, 'next-index');
    copyIndex(present.index, index);
    await writeIndexState(open, open.callWith(index), snapshot.indexTree, snapshot.index);
    await writeHead(open, snapshot.head);
    await putIndex(open, index);
  });
}

const nextIndex = 'index.next';

/** Waits until no other git holds the index. A lock that an earlier call left, killed, is its own to remove. */
async function freeIndex({ gitDir }: OpenWorktree): Promise<void> {
  const lock = join(gitDir, 'index.lock');
  const own = lstatSync(join(gitDir, nextIndex), { throwIfNoEntry: false });
  if (own && own.ino === lstatSync(lock, { throwIfNoEntry: false })?.ino) rmSync(lock);
  rmSync(join(gitDir, nextIndex), { force: true });
  for (let attempt = 1; lstatSync(lock, { throwIfNoEntry: false }); attempt += 1) {
    if (attempt === lockAttempts) {
      throw new ForgeError('git.failed', `${lock} is there: another git is at work in the worktree`, {
        next: 'Wait until it is done. If none is, it was killed: remove that file, and try again. Nothing was changed.',
      });
    }
    await delay(lockPauseMs);
  }
}

/** As git does it: under its lock, and all at once. */
async function putIndex({ gitDir }: OpenWorktree, index: string): Promise<void> {
  const next = join(gitDir, nextIndex);
  const lock = join(gitDir, 'index.lock');
  copyFileSync(index, next);
  linkSync(next, lock);
  renameSync(lock, join(gitDir, 'index'));
  rmSync(next, { force: true });
}
