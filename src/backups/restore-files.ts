import { randomUUID } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Backup } from './backup-folder.ts';
import { withSince } from './since-file.ts';
import { stateFiles } from './state-files.ts';

const database = 'forge.db';

/** What a backup holds, relative to `.forge/`; the database last, since it is what makes the rest count. */
export function filesOf({ path }: Backup): string[] {
  return [...stateFiles(path), ...(lstatSync(join(path, database), { throwIfNoEntry: false }) ? [database] : [])];
}

/** Puts back what is not in `.forge/`; an empty database counts as gone. Gives the names of what came back. */
export function restoreMissing(
  backup: Backup,
  directory: string,
  wanted: (path: string) => boolean = () => true,
): string[] {
  return filesOf(backup).filter((path) => wanted(path) && isGone(directory, path) && put(backup, directory, path));
}

/** Puts all of it in the place of what is there. */
export function restoreAll(backup: Backup, directory: string): string[] {
  const files = filesOf(backup);
  for (const path of files) put(backup, directory, path, true);
  return files;
}

export function isGone(directory: string, path: string): boolean {
  const stat = lstatSync(join(directory, path), { throwIfNoEntry: false });
  if (stat === undefined) return true;
  // What was not written back yet is beside an empty database too.
  const isBusy = lstatSync(join(directory, `${path}-wal`), { throwIfNoEntry: false }) !== undefined;
  return path === database && stat.size === 0 && !isBusy;
}

/** Whole from its first moment. False when somebody else was faster. */
function put(backup: Backup, directory: string, path: string, isForced = false): boolean {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    copyFileSync(join(backup.path, path), temporary);
    if (path === 'tasks.jsonl') writeFileSync(temporary, withSince(readFileSync(temporary, 'utf8'), backup));
    const handle = openSync(temporary, 'r+');
    fsyncSync(handle);
    closeSync(handle);
    if (path === database) clearPlace(file);
    // What is missing may just have come back by whoever has it open.
    if (isForced) renameSync(temporary, file);
    else linkSync(temporary, file);
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * What is beside a database belongs to it: SQLite would take it for this one's. The old one goes first, so that whoever has
 * it open sees that it is gone, and at no moment is it there without what was not written back into it.
 */
function clearPlace(file: string): void {
  const aside = `${file}.${randomUUID()}.tmp`;
  if (existsSync(file)) renameSync(file, aside);
  for (const side of ['-wal', '-shm']) rmSync(`${file}${side}`, { force: true });
  rmSync(aside, { force: true });
}
