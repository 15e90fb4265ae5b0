import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Disposable, disposable } from '../base/disposable.ts';
import type { RunDirectory } from './run-directory.ts';

/** All that this process holds: a database that is collected as garbage gives its lock back. */
const held = new Set<object>();

/**
 * The right to be the daemon of that name, or to start it; null when another process has it. The kernel takes it back when
 * the process ends, however it ends: there is nothing stale to clean up (docs/adr/0005-one-daemon-by-kernel-lock.md).
 */
export async function claimInstance({ path }: RunDirectory, daemon: string): Promise<Disposable | null> {
  const { default: Sqlite } = await import('better-sqlite3');
  const file = join(path, `${daemon}.lock`);
  make(file);
  const sqlite = new Sqlite(file, { timeout: 0 });
  try {
    // Of many at once exactly one has it: unlike an exclusive transaction it waits for nobody who only looks.
    sqlite.exec('BEGIN IMMEDIATE');
    held.add(sqlite);
    return disposable(() => {
      held.delete(sqlite);
      sqlite.close();
    });
  } catch (failure) {
    sqlite.close();
    if ((failure as { code?: string }).code === 'SQLITE_BUSY') return null;
    throw failure;
  }
}

/** For its owner alone. One that is there is not opened: to close it would give back what this process holds of it. */
function make(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  }
}
