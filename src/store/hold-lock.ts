import { closeSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';

/** Who holds it reads and writes some rows; longer than this it is stuck. */
const WAIT_MS = 5_000;

/**
 * Waits until no other process holds the lock in `file`, and holds it until what it returns is called. The kernel takes it back from
 * a process that dies. SQLite's own lock of a database in which nothing is ever stored: Node has none that can be waited for at once.
 */
export function holdLock(file: string): () => void {
  closeSync(openSync(file, 'a', 0o600));
  const sqlite = new Sqlite(file, { timeout: WAIT_MS });
  try {
    sqlite.exec('BEGIN EXCLUSIVE');
    return () => sqlite.close();
  } catch (failure) {
    sqlite.close();
    throw new ForgeError('store.broken', `${file} cannot be held: ${(failure as Error).message}`, {
      next: 'Try again; another process of Forge may be stopped while it changes dependencies.',
      cause: failure,
    });
  }
}
