import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The newest ones are kept, whatever their age. */
const NEWEST_KEPT = 10;
/** And the last one of each of so many days, so that a fault that is found late has something before it. */
const DAYS_KEPT = 14;
/** Nobody takes so long for a backup, in ms. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/** A copy of `.forge/` at one moment: a folder, named by it. */
export interface Backup {
  name: string;
  path: string;
  /** In ms since the epoch. */
  at: number;
}

const namePattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3}Z)(-[0-9a-f]{4})$/;

/** The backups in a project's folder, the newest first; none when there is no folder. */
export function backupsIn(folder: string): Backup[] {
  return namesIn(folder)
    .flatMap((name) => {
      const match = namePattern.exec(name);
      if (match === null) return [];
      const [, day, hours, minutes, seconds] = match;
      return [{ name, path: join(folder, name), at: Date.parse(`${day}T${hours}:${minutes}:${seconds}`) }];
    })
    .sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
}

/** Names sort by time; `salt` keeps two processes apart. */
export function backupName(at: number, salt: string): string {
  return `${new Date(at).toISOString().replaceAll(':', '-')}-${salt}`;
}

export function removeOldBackups(folder: string): void {
  for (const name of namesIn(folder))
    if (isLeftover(join(folder, name))) rmSync(join(folder, name), { recursive: true, force: true });
  const days = new Set<string>();
  for (const [index, { name, path }] of backupsIn(folder).entries()) {
    const day = name.slice(0, 10);
    const isLastOfDay = !days.has(day) && days.size < DAYS_KEPT;
    days.add(day);
    if (index >= NEWEST_KEPT && !isLastOfDay) remove(path);
  }
}

/** Under another name first: what a process that is killed here leaves of it must not be taken for a backup. */
function remove(path: string): void {
  const aside = `${path}.tmp`;
  try {
    renameSync(path, aside);
  } catch (failure) {
    // Another process removes it.
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw failure;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** What a killed process was writing or removing. */
function isLeftover(path: string): boolean {
  const stat = path.endsWith('.tmp') ? statSync(path, { throwIfNoEntry: false }) : undefined;
  return stat !== undefined && Date.now() - stat.mtimeMs > LEFTOVER_AGE_MS;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
