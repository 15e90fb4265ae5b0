import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ForgeError } from '../base/errors.ts';
import { idPattern } from '../base/ids.ts';
import type { Worktree } from '../ports/git.ts';
import { inTurn } from './keyed-queue.ts';
import { halfMadeWorktree, mendHalfMade } from './mend-half-made.ts';
import { GitFailure, gitFailed } from './run-git.ts';
import { safePath } from './safe-path.ts';
import { type ListedWorktree, listWorktrees } from './worktree-list.ts';
import { readMarker, type WorktreeMarker, writeMarker } from './worktree-marker.ts';
import { worktreeGitDir } from './worktree-pointer.ts';

/** Other processes hold git's locks for some ms; a lock that is still there after all attempts is a leftover. */
const ATTEMPTS = 20;
const ATTEMPTS_BEFORE_LEFTOVER = 5;
const RETRY_MS = 100;

export interface EnsureInput {
  commonDir: string;
  worktreesDirectory: string;
  path: string;
  branch: string;
  recorded: Worktree | null;
  /** What a new worktree holds, as a commit; undefined: what the main checkout's HEAD has. */
  content: string | undefined;
  /** Git on the main repository, with its filters blanked. */
  run: (args: readonly string[]) => Promise<string>;
  /** The same in a worktree. */
  runIn: (worktree: string, args: readonly string[]) => Promise<string>;
}

/** See the port. One at a time for a repository; tried again when another process holds a lock of git. */
export function ensureWorktree(input: EnsureInput): Promise<Worktree> {
  const { branch } = input;
  if (!branch.split('/').every((part) => idPattern.test(part))) {
    return Promise.reject(new ForgeError('git.failed', `${branch} is not a branch name of Forge`));
  }
  return inTurn(input.commonDir, async () => {
    const path = safePath(input.worktreesDirectory, input.path);
    const startedAt = performance.timeOrigin + performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptWorktree({ ...input, path });
      } catch (failure) {
        if (failure instanceof GitFailure && halfMadeWorktree.test(failure.message) && attempt < ATTEMPTS) {
          mendHalfMade(input.commonDir);
          await delay(RETRY_MS);
          continue;
        }
        const isLocked = failure instanceof GitFailure && lockHeld.test(failure.message);
        if (!isLocked || attempt >= ATTEMPTS) throw gitFailed(`git worktree add ${path}`, failure);
        if (attempt === ATTEMPTS_BEFORE_LEFTOVER) removeLeftoverLock(input.commonDir, branch, path, startedAt);
        await delay(RETRY_MS);
      }
    }
  });
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

const lockHeld = /\.lock'?: File exists|cannot lock ref|could not lock|unable to lock|failed to lock/i;

async function attemptWorktree(input: EnsureInput): Promise<Worktree> {
  const { path, branch, commonDir, run } = input;
  const marker = ownMarker(input);
  const listed = (await listWorktrees(run)).find((worktree) => worktree.path === path);
  if (listed !== undefined && marker === null) throw refusal(`${path} is a worktree that Forge did not make`);
  if (listed !== undefined && marker?.state === 'made' && existsSync(path)) return adopt(input, marker, listed);
  if (marker?.state === 'making') await undo(input, marker, listed);
  else if (listed !== undefined) await run(['worktree', 'remove', '--force', '--force', '--', path]);
  refuseForeignFolder(path);

  const tip = await tipOf(run, branch);
  const known = marker?.state === 'made' ? marker.base : recordedBase(input);
  if (tip !== null && known === null) throw refusal(`the branch ${branch} exists and Forge did not make it`);
  const { content } = input;
  const start = content === undefined ? 'HEAD^{commit}' : `${content}^1`;
  const base = known ?? (await run(['rev-parse', '--verify', start])).trim();
  const made: WorktreeMarker = { state: 'made', path, branch, base, repository: commonDir };
  // A branch that has work on it is never in the state `making`, in which it would be taken back.
  writeMarker(tip === null ? { ...made, state: 'making' } : made);
  if (tip === null) await run(['worktree', 'add', '--quiet', '--no-track', '-b', branch, '--', path, base]);
  else await run(['worktree', 'add', '--quiet', '--', path, branch]);
  if (tip === null && content !== undefined) {
    await input.runIn(path, ['read-tree', '--reset', '-u', content]);
    await input.runIn(path, ['reset', '--quiet', '--mixed', base]);
  }
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
  if (recorded === null && listed.branch !== branch) {
    throw refusal(`${path} is on ${listed.branch ?? 'no branch'}, not on ${branch}`);
  }
  return { path, branch, base: recorded?.base ?? marker.base };
}

/** Takes back what a killed Forge left half made. Nobody has worked there: its branch is where it began, or is not there. */
async function undo(input: EnsureInput, marker: WorktreeMarker, listed: ListedWorktree | undefined): Promise<void> {
  const { path, branch, run } = input;
  const tip = await tipOf(run, branch);
  if (tip !== null && tip !== marker.base) throw refusal(`${branch} has commits, though ${path} was never finished`);
  if (listed !== undefined) {
    if (listed.locked !== null) await run(['worktree', 'unlock', '--', path]);
    dropLonePointer(path);
    await run(['worktree', 'remove', '--force', '--force', '--', path]);
  }
  if (tip !== null) await run(['update-ref', '-d', `refs/heads/${branch}`, tip]);
}

/**
 * Killed before it had written the pointer to its own folder, or all that makes that folder a repository, git refuses to remove
 * the worktree. Nothing else is in it then.
 */
function dropLonePointer(path: string): void {
  const pointer = join(path, '.git');
  if (!existsSync(pointer) || readdirSync(path).length > 1 || !lstatSync(pointer).isFile()) return;
  rmSync(pointer);
  rmdirSync(path);
}

function refuseForeignFolder(path: string): void {
  if (!existsSync(path)) return;
  if (readdirSync(path).length > 0) throw refusal(`${path} exists and is not a worktree that git knows`);
  rmdirSync(path);
}

async function tipOf(run: EnsureInput['run'], branch: string): Promise<string | null> {
  const answer = await run(['for-each-ref', '--format=%(objectname)', '--', `refs/heads/${branch}`]);
  return answer.trim() === '' ? null : answer.trim();
}

function refusal(message: string): ForgeError {
  return new ForgeError('git.failed', message, {
    next: 'Look at that path and branch: git worktree list. Forge changed nothing there.',
  });
}
