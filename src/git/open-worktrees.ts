import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { inTurn } from '../base/keyed-queue.ts';
import { poolFolder } from '../domain/worktree-notes.ts';
import type { MadeWorktree, Worktrees } from '../ports/worktrees.ts';
import { makeAhead, setReady, takeAhead } from './ahead.ts';
import { finishRemoving } from './end-worktree.ts';
import { freshBase } from './fetch-base.ts';
import { headOf } from './head.ts';
import { lookAtWorktree } from './look-at-worktree.ts';
import { reconcileWorktrees } from './reconcile-worktrees.ts';
import { type GitCall, gitFailed, runGit } from './run-git.ts';
import { listWorktrees } from './worktree-list.ts';
import { listMarkers, readMarker, type WorktreeMarker, writeMarker } from './worktree-marker.ts';

export interface WorktreesPlace {
  /** Git on the main repository. */
  main: GitCall;
  commonDir: string;
  /** The folder that all worktrees of Forge are below. */
  worktreesDirectory: string;
}

export function openWorktrees(place: WorktreesPlace): Worktrees {
  const { main, commonDir } = place;
  const run = (args: readonly string[]) => runGit(main, args);
  const own = (path: string) => {
    const marker = readMarker(path);
    return marker?.repository === commonDir && marker.path === path ? marker : null;
  };
  return {
    freshBase: (wish) => freshBase(main, wish),
    head: () => headOf(commonDir, run),
    noted: (path) => madeOf(own(path)),
    isPrepared: (path) => own(path)?.isPrepared ?? null,
    setPrepared(path) {
      const marker = own(path);
      if (marker) writeMarker({ ...marker, isPrepared: true });
    },
    list: (directory) =>
      listMarkers(directory).flatMap((marker) => (marker.repository === commonDir ? (madeOf(marker) ?? []) : [])),
    look: (worktree) => lookAtWorktree(main, commonDir, worktree),
    remove: (path, branchTip) =>
      inTurn(path, async () => {
        const marker = own(path);
        if (!marker) throw new ForgeError('worktree.kept', `${path} is not a worktree that Forge made here.`);
        try {
          const listed = (await listWorktrees(run)).find((worktree) => worktree.path === path);
          await finishRemoving({ ...marker, branchTip: branchTip ?? undefined }, listed, run);
        } catch (failure) {
          throw gitFailed(`git worktree remove ${path}`, failure);
        }
      }),
    reconcile: (directory, inUse) => reconcileWorktrees({ main, commonDir, directory, inUse }),
    async freeKept(name) {
      const folder = `refs/forge/kept/${name}/`;
      const refs = await run(['for-each-ref', '--format=%(refname)', '--', folder]);
      const numbers = refs.split('\n').map((ref) => Number(ref.slice(folder.length)) || 0);
      return `${folder}${Math.max(0, ...numbers) + 1}`;
    },
    ahead: (directory) =>
      listMarkers(join(directory, poolFolder))
        .filter((marker) => marker.repository === commonDir && marker.state === 'made')
        .map(({ path, base, pooled }) => ({ path, base, key: pooled?.key ?? null })),
    makeAhead: (path, base) => makeAhead(place, path, base),
    setReady: (path, key) => setReady(place, path, key),
    takeAhead: (from, path, branch, base, moved) => takeAhead(place, { from, path, branch, base, moved }),
  };
}

function madeOf(marker: WorktreeMarker | null): MadeWorktree | null {
  if (marker === null) return null;
  const { path, branch, base, state, madeAt = null } = marker;
  return { path, branch, base, state, madeAt };
}
