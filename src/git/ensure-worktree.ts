import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ForgeError } from '../base/errors.ts';
import { idPattern } from '../base/ids.ts';
import { inTurn } from '../base/keyed-queue.ts';
import type { Worktree, WorktreeWish } from '../ports/git.ts';
import { tipOf } from './branch-tip.ts';
import { checkOut } from './check-out.ts';
import { finishRemoving, undoWorktree } from './end-worktree.ts';
import { headOf } from './head.ts';
import { halfMadeWorktree, mendHalfMade } from './mend-half-made.ts';
import { GitFailure, gitFailed } from './run-git.ts';
import { safePath } from './safe-path.ts';
import { type ListedWorktree, listWorktrees } from './worktree-list.ts';
import { readMarker, type WorktreeMarker, writeMarker } from './worktree-marker.ts';
import { isRegistered, worktreeGitDir } from './worktree-pointer.ts';

/** Other processes hold git's locks for some ms; a lock that is still there after all attempts is a leftover. */
const ATTEMPTS = 20;
const ATTEMPTS_BEFORE_LEFTOVER = 5;
const RETRY_MS = 100;
const HALF_MADE_MS = 10;

export type RunIn = (
  worktree: string,
  args: readonly string[],
  settings?: readonly (readonly [key: string, value: string])[],
) => Promise<string>;

export interface EnsureInput extends WorktreeWish {
  commonDir: string;
  /** The checkout of the project. */
  root?: string;
  worktreesDirectory: string;
  path: string;
  branch: string;
  /** Git on the main repository. */
  run: (args: readonly string[]) => Promise<string>;
  /** The same in a worktree, with the filters blanked that the repository defines. */
  runIn: RunIn;
  /** Asks what a checkout goes by, while other things are done. */
  readyCheckout(): void;
}

/** See the port. One at a time for a path; tried again when another process holds a lock of git, or git was killed. */
export function ensureWorktree(input: EnsureInput): Promise<Worktree> {
  const { branch } = input;
  if (!branch.split('/').every((part) => idPattern.test(part))) {
    return Promise.reject(new ForgeError('git.failed', `${branch} is not a branch name of Forge`));
  }
  return inTurn(input.path, async () => {
    const path = safePath(input.worktreesDirectory, input.path);
    const startedAt = performance.timeOrigin + performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptWorktree({ ...input, path });
      } catch (failure) {
        if (failure instanceof GitFailure && halfMadeWorktree.test(failure.message) && attempt < ATTEMPTS) {
          mendHalfMade(input.commonDir);
          // Mostly it is being made at this moment, and whole some ms later.
          await delay(attempt * HALF_MADE_MS);
          continue;
        }
        const isPassing = failure instanceof GitFailure && passing.test(failure.message);
        if (!isPassing || attempt >= ATTEMPTS) {
          await takeBack(input, path);
          throw gitFailed(`git worktree add ${path}`, failure);
        }
        if (attempt === ATTEMPTS_BEFORE_LEFTOVER) removeLeftoverLock(input.commonDir, branch, path, startedAt);
        await delay(RETRY_MS);
      }
    }
  });
}

/** A failure leaves nothing behind: neither a folder without its files nor a branch. What cannot be undone now is at the next start. */
async function takeBack({ commonDir, run }: EnsureInput, path: string): Promise<void> {
  const marker = readMarker(path);
  if (marker?.state !== 'making' || marker.repository !== commonDir) return;
  const listed = await listWorktrees(run).catch(() => []);
  const ours = listed.find((worktree) => worktree.path === path);
  await undoWorktree(marker, ours, refusal, run).catch(() => {});
}

/**
 * A killed git leaves the lock of the branch that it was making. The branch is Forge's own and nobody works on it yet, so
 * a lock that was there before this call, and through several attempts, has no owner.
 */
function removeLeftoverLock(commonDir: string, branch: string, path: string, startedAt: number): void {
  const lock = join(commonDir, 'refs', 'heads', `${branch}.lock`);
  const stat = lstatSync(lock, { throwIfNoEntry: false });
  const isOurs = readMarker(path)?.state === 'making';
  if (isOurs && stat?.isFile() && stat.mtimeMs < startedAt) rmSync(lock, { force: true });
}

/** Another holds a lock, or somebody ended git in the middle: what that left is taken back with the next attempt. */
const passing = /git was ended by|\.lock'?: File exists|cannot lock ref|could not lock|unable to lock|failed to lock/i;

async function attemptWorktree(input: EnsureInput): Promise<Worktree> {
  const { path, branch, commonDir, content, run } = input;
  const marker = ownMarker(input);
  // Nothing to be listed, unless another checkout than the main one says where the work begins.
  const isMain = input.root === undefined || commonDir === join(input.root, '.git');
  const isNew = marker === null && isMain && !existsSync(path) && !isRegistered(commonDir, path);
  // All that is only read is asked at once: starting git takes longer than its answer.
  const [worktrees, known, from] = await Promise.all([
    isNew ? [] : listWorktrees(run),
    tipOf(run, branch),
    content === undefined ? null : run(['rev-parse', '--verify', '--end-of-options', `${content}^1`]),
  ]);
  const listed = worktrees.find((worktree) => worktree.path === path);
  // The first one is the main checkout; of a bare repository it has none, and the project's is one of the others.
  const checkout = worktrees.find((worktree) => worktree.path === input.root) ?? worktrees[0];
  if (listed !== undefined && marker === null) throw refusal(`${path} is a worktree that Forge did not make`);
  if (listed !== undefined && marker?.state === 'made' && existsSync(path)) return adopt(input, marker, listed);
  if (marker?.state === 'making') await undoWorktree(marker, listed, refusal, run);
  else if (marker?.state === 'removing') await finishRemoving(marker, listed, run);
  else if (listed !== undefined) await run(['worktree', 'remove', '--force', '--force', '--', path]);
  refuseForeignFolder(path);

  const isUndone = marker !== null && marker.state !== 'made';
  const tip = known !== null && isUndone ? await tipOf(run, branch) : known;
  const isMadeBefore = marker !== null && (marker.state !== 'making' || marker.isBranchOlder === true);
  const begun = recordedBase(input) ?? (isMadeBefore ? marker.base : null);
  if (tip !== null && begun === null) throw refusal(`the branch ${branch} exists and Forge did not make it`);
  // A branch that is gone was merged or held nothing: the work begins anew.
  const head = isNew ? await headOf(commonDir, run).catch(() => null) : checkout?.head;
  const base = tip === null ? (from?.trim() ?? input.base ?? head) : begun;
  if (!base) throw refusal('the repository has no commit yet');
  const made: WorktreeMarker = {
    state: 'made',
    path,
    branch,
    base,
    repository: commonDir,
    isPrepared: false,
    madeAt: Date.now(),
  };
  writeMarker({ ...made, state: 'making', isBranchOlder: tip !== null });
  const way = tip === null ? ['--no-track', '-b', branch, '--', path, base] : ['--', path, branch];
  await inTurn(commonDir, () => {
    input.readyCheckout();
    return run(['worktree', 'add', '--quiet', '--no-checkout', ...way]);
  });
  // Outside the turn: each has an index of its own.
  await checkOut((args, settings) => input.runIn(path, args, settings), tip === null ? content : undefined);
  writeMarker(made);
  return { path, branch, base };
}

/** What Forge noted of this path, provided it is about the same repository and branch. */
function ownMarker({ path, branch, commonDir }: EnsureInput): WorktreeMarker | null {
  const marker = readMarker(path);
  if (marker === null) return null;
  if (marker.repository !== commonDir || marker.branch !== branch || marker.path !== path) {
    throw refusal(`${path} holds the branch ${marker.branch} of ${marker.repository}`);
  }
  return marker;
}

function recordedBase({ recorded, branch }: EnsureInput): string | null {
  return recorded?.branch === branch ? recorded.base : null;
}

function adopt(input: EnsureInput, marker: WorktreeMarker, listed: ListedWorktree): Worktree {
  const { path, branch, commonDir, recorded } = input;
  worktreeGitDir(commonDir, path);
  // An agent may change branches in its own worktree; a run that goes on after a restart goes on there.
  if (!recorded && listed.branch !== branch) {
    throw refusal(`${path} is on ${listed.branch ?? 'no branch'}, not on ${branch}`);
  }
  return { path, branch, base: recorded?.base ?? marker.base };
}

function refuseForeignFolder(path: string): void {
  if (!existsSync(path)) return;
  if (readdirSync(path).length > 0) throw refusal(`${path} exists and is not a worktree that git knows`);
  rmdirSync(path);
}

function refusal(message: string): ForgeError {
  return new ForgeError('git.failed', message, {
    next: 'Look at that path and branch: git worktree list. Forge changed nothing there.',
  });
}
