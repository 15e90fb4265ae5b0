import { rmSync, statSync } from 'node:fs';

/** Which file of the disk it is; another one, or none, when it was taken away. */
export function placeOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? nowhere : `${stat.dev}:${stat.ino}`;
}

export const nowhere = 'nowhere';

/**
 * The places of the two files that SQLite keeps beside a database in use: it finds them by name, so that whoever opens
 * the database while they are taken away would write beside the others, or into the log of another database.
 */
export interface Sides {
  wal: string;
  shm: string;
}

export function sidesOf(file: string): Sides {
  return { wal: placeOf(`${file}-wal`), shm: placeOf(`${file}-shm`) };
}

export function isSame(one: Sides, other: Sides): boolean {
  return one.wal === other.wal && one.shm === other.shm;
}

/** Of a database that is gone: what comes in its place would take them for its own. */
export function dropSides(file: string): void {
  for (const side of ['-wal', '-shm']) rmSync(`${file}${side}`, { force: true });
}
