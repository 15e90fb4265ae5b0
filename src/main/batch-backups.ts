import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Backup, backupsIn } from '../backups/backup-folder.ts';
import { restoreAll } from '../backups/restore-files.ts';
import { addBackup } from '../backups/write-backup.ts';
import { age } from '../base/age.ts';
import type { RestoreReport } from '../cli/forge-cli.ts';
import type { BatchCopies } from '../config/batches.ts';
import { withFileLock } from '../config/file-lock.ts';
import type { ForgePaths } from '../config/paths.ts';
import { findBackup } from './restore-project.ts';

/** The backups of the batches, which are of no project: one each time that their file has changed. */
export class BatchBackups implements BatchCopies {
  readonly #file: string;
  readonly #folder: string;
  readonly #warn: (line: string) => void;

  constructor(paths: Pick<ForgePaths, 'batchesFile' | 'batchBackupsDirectory'>, warn: (line: string) => void) {
    this.#file = paths.batchesFile;
    this.#folder = paths.batchBackupsDirectory;
    this.#warn = warn;
  }

  isDue(): boolean {
    return this.#state() !== 'kept';
  }

  /** What keeps a backup from being made is told, and is no failure. */
  settle(): void {
    try {
      const state = this.#state();
      if (state === 'changed') this.#keep();
      const [newest] = backupsIn(this.#folder);
      if (state !== 'gone' || newest === undefined) return;
      restoreAll(newest, dirname(this.#file));
      this.#warn(`${this.#file} had been removed and came back from the backup of ${age(Date.now() - newest.at)} ago.`);
    } catch (failure) {
      this.#warn(`the batches could not be backed up in ${this.#folder}: ${(failure as Error).message}`);
    }
  }

  /** Puts the batches back to a backup, the newest or the one that `from` names; what is there now is backed up first. */
  restore(from: string | null, isDryRun: boolean): Promise<RestoreReport> {
    return withFileLock(`${this.#file}.lock`, () => {
      const backup = findBackup(from, this.#folder);
      const name = basename(this.#file);
      const now = textOf(this.#file);
      const same = now === textOf(join(backup.path, name)) ? 'same' : 'replaced';
      const files: RestoreReport['files'] = [{ name, change: now === '' ? 'added' : same }];
      const report = { from: backup.path, files, tasks: 0, runs: 0, problem: null, kept: null };
      if (isDryRun) return report;
      const kept = now === '' ? null : this.#keep().path;
      restoreAll(backup, dirname(this.#file));
      return { ...report, kept };
    });
  }

  #keep(): Backup {
    const text = textOf(this.#file);
    return addBackup(this.#folder, Date.now(), (directory) =>
      writeFileSync(join(directory, basename(this.#file)), text, { mode: 0o600 }),
    );
  }

  /** Forge never writes a file without batches: an empty one was emptied. */
  #state(): 'kept' | 'changed' | 'gone' {
    const text = textOf(this.#file);
    const [newest] = backupsIn(this.#folder);
    const kept = newest === undefined ? '' : textOf(join(newest.path, basename(this.#file)));
    if (text === kept) return 'kept';
    return text === '' ? 'gone' : 'changed';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw failure;
  }
}
