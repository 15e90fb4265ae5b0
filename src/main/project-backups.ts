import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Backup, backupsIn } from '../backups/backup-folder.ts';
import { isGone, restoreMissing } from '../backups/restore-files.ts';
import { appendSince } from '../backups/since-file.ts';
import { isLarge, writeBackup } from '../backups/write-backup.ts';
import { age } from '../base/age.ts';
import { disposable } from '../base/disposable.ts';
import type { Mode } from '../git/exclude.ts';
import type { Store } from '../ports/store.ts';

/** How often it is looked whether a backup is due, in ms. */
const lookMs = 5_000;
/** Of all time, at most one part in so many goes into backups. */
const costPart = 100;
/** For so long after a large backup a command adds to it what it changed of tasks, in ms. */
const addedMs = 10 * 60_000;

/** The backups of one project: what is lost of its `.forge/` comes back, and what changes is copied. */
export class ProjectBackups {
  readonly #directory: string;
  readonly folder: string;
  readonly #warn: (line: string) => void;
  #revision = -1;
  #tookMs = 0;
  #isFollowing = false;
  #at = 0;

  constructor(root: string, folder: string, warn: (line: string) => void) {
    this.#directory = join(root, '.forge');
    this.folder = folder;
    this.#warn = warn;
  }

  /**
   * Puts back what somebody took away. In a standard project only what git does not track: other files may belong to
   * another branch. `ask` is called before: whoever has the database open has the newer one; then `hide`, so that git
   * shows nothing of it, in a clone that took the place of the repository too.
   */
  async comeBack(ask: () => Promise<void>, hide: (mode: Mode) => Promise<unknown>): Promise<void> {
    if (!this.#isIncomplete()) return;
    await ask();
    const [last] = backupsIn(this.folder);
    if (last === undefined) return;
    await hide(modeOf(last));
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const { withFileLock } = await import('../config/file-lock.ts');
    await withFileLock(`${this.folder}.lock`, () => {
      const [newest] = backupsIn(this.folder);
      if (newest === undefined) return;
      const isTracked = modeOf(newest) === 'standard';
      const files = restoreMissing(newest, this.#directory, (path) => !isTracked || path === 'forge.db');
      const what = `${files.join(', ')} of ${this.#directory}`;
      if (files.length > 0) {
        this.#warn(`${what} had been removed and came back from the backup of ${age(Date.now() - newest.at)} ago.`);
      }
    });
  }

  /** The settings of the newest backup, when there are none in the checkout. */
  settingsFile(): string | null {
    if (!isGone(this.#directory, 'config.yaml')) return null;
    const [newest] = backupsIn(this.folder);
    return newest === undefined ? null : join(newest.path, 'config.yaml');
  }

  /** From now on only what changes is a reason for a backup. */
  seen(store: Store): void {
    this.#revision = store.revision();
  }

  /** Makes one now, whole, and counts what it holds as kept. */
  make(store: Store): Backup {
    const backup = this.#write(store, true);
    this.seen(store);
    return backup;
  }

  /** Makes a backup if anything has changed. What keeps it from being made is told, and is no failure. */
  keep(store: Store): void {
    try {
      const revision = store.revision();
      if (revision === this.#revision && !this.#isStale()) return;
      this.#revision = revision;
      const begin = performance.now();
      this.#at = this.#write(store, false).at;
      this.#tookMs = performance.now() - begin;
    } catch (failure) {
      this.#warn(`no backup could be made in ${this.folder}: ${(failure as Error).message}`);
    }
  }

  /** The same at the end; a command is not to take longer for it the more tasks there are. */
  keepLast(store: Store): void {
    const [newest] = backupsIn(this.folder);
    const isFresh = newest !== undefined && Date.now() - newest.at < addedMs && isLarge(newest) && !this.#isFollowing;
    if (!isFresh || this.#isNewer('config.yaml', newest.at) || !this.#addTo(newest, store)) this.keep(store);
  }

  /** False: there is more to be kept than lines of tasks. */
  #addTo(backup: Backup, store: Store): boolean {
    if (store.revision() === this.#revision) return true;
    const lines = store.written();
    if (lines === null || lines.length === 0) return false;
    try {
      appendSince(backup, lines);
      return true;
    } catch {
      // It was the oldest one by now, and is gone.
      return false;
    }
  }

  /** Keeps backups until it is disposed, and one at the end. */
  follow(store: Store) {
    this.#isFollowing = true;
    const timer = setInterval(() => {
      if (Date.now() - this.#at >= this.#tookMs * costPart) this.keep(store);
    }, lookMs);
    return disposable(() => clearInterval(timer));
  }

  #write(store: Store, isWhole: boolean): Backup {
    const { folder } = this;
    const database = () => store.bytes();
    return writeBackup({ directory: this.#directory, folder, database, now: Date.now(), isWhole });
  }

  #isIncomplete(): boolean {
    return isGone(this.#directory, 'forge.db') || isGone(this.#directory, 'config.yaml');
  }

  /** What people and other programs write is newer than the newest backup. */
  #isStale(): boolean {
    const [newest] = backupsIn(this.folder);
    return ['config.yaml', 'tasks.jsonl'].some((name) => this.#isNewer(name, newest?.at ?? Number.NEGATIVE_INFINITY));
  }

  #isNewer(name: string, at: number): boolean {
    const stat = statSync(join(this.#directory, name), { throwIfNoEntry: false });
    return stat !== undefined && stat.mtimeMs > at;
  }
}

function modeOf(backup: Backup): Mode {
  try {
    const text = readFileSync(join(backup.path, 'config.yaml'), 'utf8');
    return (/^mode:\s*["']?(stealth|branch)\b/m.exec(text)?.[1] as Mode) ?? 'standard';
  } catch {
    return 'standard';
  }
}
