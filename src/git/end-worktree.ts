import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inTurn } from '../base/keyed-queue.ts';
import { tipOf } from './branch-tip.ts';
import { dropUnpointed } from './mend-half-made.ts';
import { dropKeptIndex } from './snapshots/kept-index.ts';
import { withoutLeftover } from './snapshots/leftover-lock.ts';
import type { ListedWorktree } from './worktree-list.ts';
import { asideOf, dropMarker, type WorktreeMarker, writeMarker } from './worktree-marker.ts';
import { pointsInto } from './worktree-pointer.ts';

type Run = (args: readonly string[]) => Promise<string>;

/** Takes back what a killed Forge left half made. Nobody has worked there: its branch is where it began, or is not there. */
export async function undoWorktree(
  marker: WorktreeMarker,
  listed: ListedWorktree | undefined,
  refuse: (message: string) => Error,
  run: Run,
): Promise<void> {
  const { path, branch, base, isBranchOlder } = marker;
  const tip = branch === '' || isBranchOlder ? null : await tipOf(run, branch);
  if (tip !== null && tip !== base) throw refuse(`${branch} has commits, though ${path} was never finished`);
  await finishRemoving({ ...marker, branchTip: tip ?? undefined }, listed, run);
  await inTurn(marker.repository, async () => dropUnpointed(marker.repository, path));
}

/**
 * Removes a worktree with all that is in it, and its branch if the marker says so and it has not moved. From the first step on the
 * folder is whole or not there. Safe to repeat after a kill at any instant; the marker, which goes last, says that it is to be.
 */
export async function finishRemoving(
  marker: WorktreeMarker,
  listed: ListedWorktree | undefined,
  run: Run,
): Promise<void> {
  const { path, branch, branchTip, repository } = marker;
  writeMarker({ ...marker, state: 'removing' });
  const aside = asideOf(path);
  // A folder that somebody put there since is not Forge's to remove.
  const isOurs = listed !== undefined || pointsInto(repository, path) || isEmpty(path);
  if (existsSync(path) && isOurs) {
    await rm(aside, { recursive: true, force: true });
    mkdirSync(dirname(aside), { recursive: true });
    renameSync(path, aside);
  }
  await inTurn(repository, async () => {
    await run(['worktree', 'remove', '--force', '--force', '--', path]).catch((failure: unknown) => {
      // Removed already, or never known to git.
      if (!/is not a working tree/.test(String(failure))) throw failure;
    });
    if (branchTip !== undefined && (await tipOf(run, branch)) === branchTip) {
      const ref = `refs/heads/${branch}`;
      await withoutLeftover([join(repository, `${ref}.lock`), join(repository, 'packed-refs.lock')], () =>
        // Git's own wait for that lock would come on top of each attempt.
        run(['-c', 'core.packedRefsTimeout=0', 'update-ref', '-d', ref, branchTip]),
      );
    }
  });
  await rm(aside, { recursive: true, force: true });
  dropKeptIndex(path);
  dropMarker(path);
}

function isEmpty(path: string): boolean {
  return existsSync(path) && readdirSync(path).length === 0;
}
