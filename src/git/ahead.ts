import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ForgeError } from '../base/errors.ts';
import { faultPoint } from '../base/fault-point.ts';
import { inTurn } from '../base/keyed-queue.ts';
import type { Worktree } from '../ports/git.ts';
import { checkOut } from './check-out.ts';
import { headOf } from './head.ts';
import type { WorktreesPlace } from './open-worktrees.ts';
import { type GitCall, gitFailed, runGit } from './run-git.ts';
import { safePath } from './safe-path.ts';
import { checkoutCall } from './transport.ts';
import { filteredCall, worktreeCall } from './worktree-call.ts';
import { dropMarker, readMarker, type WorktreeMarker, writeMarker } from './worktree-marker.ts';
import { worktreeGitDir } from './worktree-pointer.ts';

/** Git compares times to the second: what is younger than that beside its index, it reads whole, in ms. */
const indexSettlesMs = 1_100;

/** A worktree without a branch, made before anybody wants it. */
export function makeAhead(place: WorktreesPlace, wanted: string, base: string | null): Promise<void> {
  const { main, commonDir, worktreesDirectory } = place;
  return inTurn(wanted, async () => {
    const path = safePath(worktreesDirectory, wanted);
    try {
      const commit = base ?? (await headOf(commonDir, (args) => runGit(main, args)));
      const marker: WorktreeMarker = {
        state: 'making',
        path,
        branch: '',
        base: commit,
        repository: commonDir,
        madeAt: Date.now(),
      };
      writeMarker(marker);
      const add = ['worktree', 'add', '--quiet', '--no-checkout', '--detach', '--', path, commit];
      await inTurn(commonDir, () => runGit(main, add));
      const call = await checkoutCall(worktreeCall(main, commonDir, path));
      await checkOut((args, settings) => runGit({ ...call, settings: [...(call.settings ?? []), ...settings] }, args));
      writeMarker({ ...marker, state: 'made' });
    } catch (failure) {
      throw gitFailed(`git worktree add ${path}`, failure);
    }
  });
}

/** From now on the seal says whether anything in it was touched. */
export async function setReady({ main, commonDir }: WorktreesPlace, path: string, key: string): Promise<void> {
  const marker = readMarker(path);
  if (marker?.state !== 'made') return;
  const admin = worktreeGitDir(commonDir, path);
  if (existsSync(join(admin, 'modules'))) {
    throw new ForgeError('git.failed', 'A worktree with submodules cannot be moved, so none is made ahead', {
      next: 'Set worktrees.pool to 0, or fill submodules elsewhere than in worktrees.setup.',
    });
  }
  const index = join(admin, 'index');
  await delay(Math.max(0, indexSettlesMs - (Date.now() - statSync(index).mtimeMs)));
  const call = await filteredCall(main, commonDir, path);
  // By content, once; with a younger index the times alone tell, and no filter is needed to look.
  await runGit(call, ['update-index', '-q', '--really-refresh']).catch(() => {});
  const folders = await foldersOf(main, commonDir, path);
  const now = new Date();
  utimesSync(index, now, now);
  writeMarker({
    ...marker,
    isPrepared: true,
    pooled: { key, folders, seal: await sealOf(main, commonDir, path, folders) },
  });
}

interface Handover {
  from: string;
  path: string;
  branch: string;
  base: string | null;
  moved: () => void;
}

/**
 * See the port. Killed at any instant, either path is in the state `making`, in which it is taken back: nobody was given it yet. All
 * that is asked of git is asked at once; the rest is a ref, and what `git worktree move` writes.
 */
export function takeAhead(place: WorktreesPlace, { from, path: wanted, branch, base, moved }: Handover) {
  const { main, commonDir, worktreesDirectory } = place;
  return inTurn(wanted, async (): Promise<Worktree | null> => {
    const path = safePath(worktreesDirectory, wanted);
    const marker = readMarker(from);
    if (!marker?.pooled || marker.state !== 'made' || existsSync(path) || readMarker(path) !== null) return null;
    const [seal, head] = await Promise.all([
      sealOf(main, commonDir, from, marker.pooled.folders).catch(() => null),
      base ?? headOf(commonDir, (args) => runGit(main, args)),
    ]);
    if (seal !== marker.pooled.seal || head !== marker.base) return null;
    const admin = worktreeGitDir(commonDir, from);
    const made: WorktreeMarker = { ...marker, path, branch, pooled: undefined };
    writeMarker({ ...marker, state: 'making' });
    writeMarker({ ...made, state: 'making' });
    const nothing = '0'.repeat(marker.base.length);
    try {
      await runGit(main, ['update-ref', `refs/heads/${branch}`, marker.base, nothing]);
    } catch {
      // The branch is there, or a lock.
      dropMarker(path);
      writeMarker(marker);
      return null;
    }
    // First where it is: taken back there, it is on the branch no longer, and another worktree can have that.
    replaceWhole(join(admin, 'gitdir'), `${join(path, '.git')}\n`);
    faultPoint('handover pointed');
    replaceWhole(join(admin, 'HEAD'), `ref: refs/heads/${branch}\n`);
    faultPoint('handover on its branch');
    replaceWhole(join(from, '.git'), `gitdir: ${admin}\n`);
    renameSync(from, path);
    faultPoint('handover moved');
    moved();
    writeMarker(made);
    dropMarker(from);
    return { path, branch, base: marker.base };
  });
}

/** A worktree whose pointer is empty, as a kill in the middle of writing it leaves it, is listed by nobody and never removed. */
function replaceWhole(file: string, text: string): void {
  const temporary = `${file}.forge`;
  writeFileSync(temporary, text);
  faultPoint('handover written');
  renameSync(temporary, file);
}

/**
 * The folders that hold a file which git knows or would add. A file that comes or goes changes the time of its folder; one that is
 * ignored does so too, and then another worktree is made.
 */
async function foldersOf(main: GitCall, commonDir: string, path: string): Promise<string[]> {
  const call = worktreeCall(main, commonDir, path);
  const listed = await runGit(call, ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
  const folders = new Set(['.']);
  for (const file of listed.split('\0').filter(Boolean)) {
    for (let folder = dirname(file); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return [...folders];
}

/**
 * The same as long as nobody touched a file of the worktree, added one, or used git there. Only times and sizes are compared, so no
 * filter of the repository runs. What setup commands changed is part of it.
 */
async function sealOf(main: GitCall, commonDir: string, path: string, folders: readonly string[]): Promise<string> {
  const admin = worktreeGitDir(commonDir, path);
  const call = worktreeCall(main, commonDir, path);
  const changed = await runGit(call, ['diff-files', '--name-only', '-z', '--ignore-submodules=all', '--']);
  const names = [...changed.split('\0').filter(Boolean), ...folders].map((name) => join(path, name));
  const stats = [join(admin, 'index'), ...names].map((file) => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    return [file, stat?.ino, stat?.size, stat?.mtimeMs, stat?.mode];
  });
  const head = readFileSync(join(admin, 'HEAD'), 'utf8');
  return createHash('sha256')
    .update(JSON.stringify([head, stats]))
    .digest('hex');
}
