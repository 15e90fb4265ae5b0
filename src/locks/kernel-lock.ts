import { writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Disposable, disposable } from '../base/disposable.ts';
import { ForgeError } from '../base/errors.ts';

// The lock of an open transaction of SQLite, in a file in which nothing is ever stored. The kernel takes it back from a process that
// ends, however it ends. Node itself has no lock of a file that it does not wait for, and none that can be waited for at once.

/** Who holds it reads and writes some rows; longer than this, in ms, it is stuck. */
const waitMs = 5_000;

/** All that this process holds: a database that is collected as garbage gives its lock back. */
const held = new Set<Sqlite.Database>();

/** The lock, null while another process has it. */
export function claimLock(file: string): Disposable | null {
  try {
    return lock(file, 0);
  } catch (failure) {
    if ((failure as { code?: string }).code === 'SQLITE_BUSY') return null;
    throw failure;
  }
}

/** Waits until no other process holds the lock. Throws `store.broken` when one does for long. */
export function holdLock(file: string): Disposable {
  try {
    return lock(file, waitMs);
  } catch (failure) {
    throw new ForgeError('store.broken', `${file} cannot be held: ${(failure as Error).message}`, {
      next: 'Try again; another process of Forge may be stopped while it holds it.',
      cause: failure,
    });
  }
}

function lock(file: string, timeout: number): Disposable {
  make(file);
  const sqlite = new Sqlite(file, { timeout });
  try {
    // Of many at once exactly one has it: unlike an exclusive transaction it waits for nobody who only looks.
    sqlite.exec('BEGIN IMMEDIATE');
  } catch (failure) {
    sqlite.close();
    throw failure;
  }
  held.add(sqlite);
  return disposable(() => {
    held.delete(sqlite);
    sqlite.close();
  });
}

/** For its owner alone. One that is there is not opened: to close it would give back what this process holds of it. */
function make(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  }
}
