import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ForgeError } from '../base/errors.ts';
import { isAlive } from '../base/is-alive.ts';

/** The lock is held for one small file's rewrite; whoever holds it longer is stuck. */
const WAIT_MS = 5_000;
const RETRY_MS = 20;

/** Runs `act` while this process alone holds `file`. A lock whose process is dead is taken over. */
export async function withFileLock<T>(file: string, act: () => T): Promise<T> {
  const attempts = Math.ceil(WAIT_MS / RETRY_MS);
  for (let attempt = 0; !acquire(file); attempt++) {
    if (attempt >= attempts) {
      throw new ForgeError('config.invalid', `${file} is held by process ${holder(file) ?? 'unknown'} for too long`, {
        next: `If that process is not Forge, remove ${file}.`,
      });
    }
    await delay(RETRY_MS);
  }
  try {
    return act();
  } finally {
    rmSync(file, { force: true });
  }
}

function acquire(file: string): boolean {
  try {
    // Written first and linked after: the lock never exists without its owner's pid in it.
    const own = `${file}.${randomUUID()}`;
    writeFileSync(own, String(process.pid), { flag: 'wx', mode: 0o600 });
    try {
      linkSync(own, file);
    } finally {
      rmSync(own, { force: true });
    }
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    const pid = holder(file);
    if (pid !== null && !isAlive(pid)) discard(file, pid);
    return false;
  }
}

/** Moves the dead owner's lock away; should another have taken it over in between, that one's is put back. */
function discard(file: string, deadPid: number): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (holder(aside) !== deadPid) linkSync(aside, file);
  } catch {
    // Another process was faster; the next attempt sees what it left.
  } finally {
    rmSync(aside, { force: true });
  }
}

function holder(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
