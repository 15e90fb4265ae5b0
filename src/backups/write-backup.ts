import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Backup, backupName, backupsIn, removeOldBackups } from './backup-folder.ts';
import { stateFiles } from './state-files.ts';

/** A database up to this size is copied with every backup, in some ms; a larger one at most once in `LARGE_AGE_MS`. */
const SMALL_BYTES = 8 * 1024 * 1024;
const LARGE_AGE_MS = 60_000;

export interface BackupInput {
  /** The project's `.forge/`. */
  directory: string;
  /** Where the backups of this project are. */
  folder: string;
  /** The database in one state. */
  database: () => Uint8Array;
  now: number;
  /** Also a large database is copied, however young its last copy is. */
  isWhole?: boolean;
}

/** Copies `.forge/` as it is now; the newest backup is whole or not there. For its owner's eyes alone. */
export function writeBackup({ directory, folder, database, now, isWhole = false }: BackupInput): Backup {
  return addBackup(folder, now, (temporary) => {
    for (const path of stateFiles(directory)) {
      const copy = join(temporary, path);
      mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
      copyFileSync(join(directory, path), copy, constants.COPYFILE_FICLONE);
      chmodSync(copy, 0o600);
    }
    const recent = isWhole ? null : recentLarge(folder, now);
    if (recent === null) writeFileSync(join(temporary, 'forge.db'), database(), { mode: 0o600 });
    else linkSync(recent, join(temporary, 'forge.db'));
  });
}

/** Puts what `fill` puts into a folder to the backups in `folder`, and removes those that are too old. */
export function addBackup(folder: string, now: number, fill: (directory: string) => void): Backup {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${randomUUID()}.tmp`);
  try {
    mkdirSync(temporary, { mode: 0o700 });
    fill(temporary);
    const name = backupName(now, randomBytes(2).toString('hex'));
    const path = join(folder, name);
    renameSync(temporary, path);
    removeOldBackups(folder);
    return { name, path, at: now };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** To make it took too long for each change. */
export function isLarge({ path }: Backup): boolean {
  return (statSync(join(path, 'forge.db'), { throwIfNoEntry: false })?.size ?? 0) > SMALL_BYTES;
}

/** A copy of the database that is too large to be made anew and young enough. Its time of writing is its age. */
function recentLarge(folder: string, now: number): string | null {
  const [newest] = backupsIn(folder);
  if (newest === undefined) return null;
  const file = join(newest.path, 'forge.db');
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.size > SMALL_BYTES && now - stat.mtimeMs < LARGE_AGE_MS ? file : null;
}
