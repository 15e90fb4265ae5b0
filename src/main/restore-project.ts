import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Backup, backupsIn } from '../backups/backup-folder.ts';
import { filesOf, restoreAll } from '../backups/restore-files.ts';
import { writeBackup } from '../backups/write-backup.ts';
import { asForgeError, ForgeError } from '../base/errors.ts';
import type { RestoreReport, RestoreRequest } from '../cli/forge-cli.ts';
import { temporaryFolder } from '../git/temporary-folders.ts';
import type { Store } from '../ports/store.ts';
import { openStore } from '../store/open-store.ts';

/**
 * Puts `.forge/` back to what a backup holds, or makes one of its two halves anew from the other. What is there now is
 * backed up first. Throws `backup.missing`, and `restore.live` when runs would be lost sight of.
 */
export function restoreProject(root: string, folder: string, request: RestoreRequest): RestoreReport {
  const directory = join(root, '.forge');
  const temporary = temporaryFolder('restore');
  try {
    const source = sourceOf(request.from, directory, folder, temporary);
    const now = lookAt(directory);
    const live = now.live.filter((run) => !request.force && !source.live.includes(run));
    if (live.length > 0 && !request.isDryRun) {
      throw new ForgeError('restore.live', `These runs are live, and not in what is restored: ${live.join(', ')}`);
    }
    const files = filesOf(source.backup).map((name) => ({
      name,
      change: changeOf(source.backup.path, directory, name),
    }));
    const report = {
      ...{ from: source.from, files, tasks: source.tasks, runs: source.runs, problem: now.problem },
      kept: null,
    };
    if (request.isDryRun) return report;
    const kept = existsSync(directory)
      ? writeBackup({ directory, folder, database: () => databaseOf(directory), now: Date.now(), isWhole: true })
      : null;
    restoreAll(source.backup, directory);
    return { ...report, kept: kept?.path ?? null };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

interface Look {
  tasks: number;
  runs: number;
  /** Ids of runs that have not ended. */
  live: string[];
  /** Why the database cannot be read. */
  problem: string | null;
}

function sourceOf(from: string | null, directory: string, folder: string, temporary: string) {
  if (from === 'jsonl' || from === 'database') {
    const [given, made] = from === 'jsonl' ? ['tasks.jsonl', 'forge.db'] : ['forge.db', 'tasks.jsonl'];
    if (from === 'database') writeFileSync(join(temporary, given), databaseOf(directory), { mode: 0o600 });
    else if (existsSync(join(directory, given))) copyFileSync(join(directory, given), join(temporary, given));
    else throw new ForgeError('backup.missing', `There is no ${join(directory, given)}.`);
    openStore({ directory: temporary, prefix: 'fg', clock: Date.now, jsonl: true }).dispose();
    const look = lookAt(temporary);
    rmSync(join(temporary, given));
    return { ...look, from: `${made} from ${given}`, backup: { name: from, path: temporary, at: 0 } };
  }
  const backup = findBackup(from, folder);
  for (const name of filesOf(backup))
    if (name === 'forge.db') copyFileSync(join(backup.path, name), join(temporary, name));
  return { ...lookAt(temporary), from: backup.path, backup };
}

/** The newest backup in `folder`, or the one that `from` names or is. Throws `backup.missing`. */
export function findBackup(from: string | null, folder: string): Backup {
  if (from !== null && isAbsolute(from)) {
    if (statSync(from, { throwIfNoEntry: false })?.isDirectory()) return { name: from, path: from, at: 0 };
    throw new ForgeError('backup.missing', `There is no folder ${from}.`);
  }
  const [found] = backupsIn(folder).filter(({ name }) => name.startsWith(from ?? ''));
  if (found) return found;
  throw new ForgeError('backup.missing', `There is no backup ${from === null ? '' : `${from} `}in ${folder}.`);
}

function lookAt(directory: string): Look {
  if (!existsSync(join(directory, 'forge.db'))) return { tasks: 0, runs: 0, live: [], problem: null };
  try {
    return reading(directory, ({ tasks, runs }) => ({
      ...{ tasks: tasks.count(), runs: runs.list().length, problem: null },
      live: runs.live().map(({ id }) => id),
    }));
  } catch (failure) {
    return { tasks: 0, runs: 0, live: [], problem: asForgeError(failure).message };
  }
}

/** In one state when it can be opened, else as its bytes are. */
function databaseOf(directory: string): Uint8Array {
  try {
    return reading(directory, (store) => store.bytes());
  } catch {
    return readFileSync(join(directory, 'forge.db'));
  }
}

function reading<T>(directory: string, act: (store: Store) => T): T {
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: false });
  try {
    return act(store);
  } finally {
    store.dispose();
  }
}

function changeOf(source: string, directory: string, name: string): 'same' | 'replaced' | 'added' {
  const file = join(directory, name);
  if (!existsSync(file)) return 'added';
  return name !== 'forge.db' && readFileSync(file).equals(readFileSync(join(source, name))) ? 'same' : 'replaced';
}
