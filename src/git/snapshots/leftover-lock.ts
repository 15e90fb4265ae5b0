import { lstatSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { GitFailure } from '../run-git.ts';

/** Git holds these locks for some ms. One that is there for longer than all attempts take was left by a git that was killed. */
const attempts = 20;
const pauseMs = 100;

/**
 * Does `act` while others may hold a lock of git, one of `locks`. What was there before and through every attempt has no owner, and
 * is removed; what came meanwhile has, and the failure is told.
 */
export async function withoutLeftover<T>(locks: readonly string[], act: () => Promise<T>): Promise<T> {
  const startedAt = performance.timeOrigin + performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (failure) {
      const isLocked = failure instanceof GitFailure && /\.lock'?: File exists/.test(failure.message);
      if (!isLocked || attempt > attempts) throw failure;
      if (attempt === attempts) for (const lock of locks) removeOlder(lock, startedAt);
      else await delay(pauseMs);
    }
  }
}

function removeOlder(lock: string, startedAt: number): void {
  const stat = lstatSync(lock, { throwIfNoEntry: false });
  if (stat?.isFile() && stat.mtimeMs < startedAt) rmSync(lock, { force: true });
}
