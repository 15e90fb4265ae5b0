import { chmodSync, closeSync, lstatSync, openSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';
import { migrations } from './migrations/index.ts';
import { placeFile } from './place-file.ts';
import { rescue } from './rescue.ts';

/** How long a writer waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** A database up to this size is checked whole at open (some ms a MB); a larger one only where it is read. */
const CHECK_BYTES_MAX = 16 * 1024 * 1024;
/** Two processes that make the same database at once: SQLite refuses the second switch to WAL without waiting. */
const WAL_ATTEMPTS = 200;
const WAL_RETRY_MS = 10;
/** Whoever takes the file away is given this long to take the rest: what is put back at once could go with it, in part. */
const TAKEN_AWAY_MS = 50;
/** So often another process, which has the newer content, is given that time to put it back. */
const RESCUE_ATTEMPTS = 20;

/**
 * One open database. Reads and writes go through `read` and `write`, so that every failure of SQLite becomes a
 * `ForgeError` and every write is one immediate transaction. A file that was taken away while it is open (`git clean -fdx`)
 * is put back with all that was in it, and nothing is written into one that nobody can find any more.
 */
export class Database {
  readonly file: string;
  /** What a person should know of what became of the file. */
  readonly notices: string[] = [];
  readonly #waitsOutside: (task: string) => boolean;
  #sqlite: Sqlite.Database;
  #place: string;
  #ownChanges = 0;
  #foreignVersion: number;
  #foreignChanges = 0;
  #ends: (() => void)[] = [];

  /**
   * `mode` `look`: nothing is made, migrated or changed; throws `store.broken` for one of an earlier format too.
   * `waitsOutside`: whether one must wait for a task of another project.
   */
  constructor(file: string, mode: 'use' | 'look' = 'use', waitsOutside: (task: string) => boolean = () => false) {
    this.file = file;
    this.#waitsOutside = waitsOutside;
    const { sqlite, place } = mode === 'use' ? openPlaced(file) : { sqlite: openToLook(file), place: placeOf(file) };
    this.#sqlite = this.#withFunction(sqlite);
    this.#place = place;
    this.#foreignVersion = this.#dataVersion();
    if (this.isReadOnly) this.notices.push(`${newerWords(file, this.#sqlite)}. It is only read.`);
  }

  /** The open handle. Another one after the file was put back: neither it nor a statement of it is to be kept. */
  get sqlite(): Sqlite.Database {
    return this.#sqlite;
  }

  /** A newer Forge wrote it: what this one knows of it can be read. */
  get isReadOnly(): boolean {
    return this.#sqlite.readonly;
  }

  read<T>(act: () => T): T {
    return guard(this.file, () => {
      if (!this.isReadOnly && !this.#sqlite.inTransaction && this.#isGone()) this.#putBack();
      return act();
    });
  }

  /** Called once, when the transaction that is open now has been stored or taken back. */
  atEnd(act: () => void): void {
    this.#ends.push(act);
  }

  /** Runs `act` in an immediate transaction: it sees, and then leaves, one state of the store. */
  write<T>(act: () => T): T {
    if (this.isReadOnly) throw new ForgeError('store.newer', newerWords(this.file, this.#sqlite));
    return guard(this.file, () => {
      const before = this.#rowsChanged();
      try {
        return this.#inTransaction(act);
      } finally {
        if (!this.#sqlite.inTransaction) for (const end of this.#ends.splice(0)) end();
        if (this.#rowsChanged() !== before) this.#ownChanges += 1;
      }
    });
  }

  /** The whole database as the bytes of a file, in one state. */
  bytes(): Uint8Array {
    return this.read(() => this.#sqlite.serialize());
  }

  /** Looked at under the write lock, which whoever puts the file back holds too: no write is left behind. */
  #inTransaction<T>(act: () => T): T {
    const gone = Symbol('gone');
    for (;;) {
      const look = this.#sqlite.inTransaction ? act : () => (this.#isGone() ? gone : act());
      const result = this.#sqlite.transaction(look).immediate();
      if (result !== gone) return result as T;
      this.#putBack();
    }
  }

  #withFunction(sqlite: Sqlite.Database): Sqlite.Database {
    return sqlite.function('waits_outside', (id) => Number(this.#waitsOutside(id as string)));
  }

  #isGone(): boolean {
    return placeOf(this.file) !== this.#place;
  }

  #putBack(): void {
    const back = this.#rescued();
    this.#sqlite.close();
    this.#sqlite = this.#withFunction(back.sqlite);
    this.#place = back.place;
    this.#foreignVersion = this.#dataVersion();
    this.#foreignChanges += 1;
    this.notices.push(back.notice);
  }

  #rescued(): Placed & { notice: string } {
    for (let attempt = 1; ; attempt++) {
      pause(TAKEN_AWAY_MS);
      const notice = rescue(this.#sqlite, this.file, this.#place, attempt >= RESCUE_ATTEMPTS);
      if (notice === null) continue;
      try {
        return { ...openPlaced(this.file, true), notice };
      } catch (failure) {
        // Taken away once more.
        if (attempt >= 2 * RESCUE_ATTEMPTS) throw failure;
      }
    }
  }

  /** Grows when this process changed a row, and when another process has written since the last call. */
  revision(): number {
    return this.read(() => {
      const version = this.#dataVersion();
      if (version !== this.#foreignVersion) this.#foreignChanges += 1;
      this.#foreignVersion = version;
      return this.#ownChanges + this.#foreignChanges;
    });
  }

  close(): void {
    this.#sqlite.close();
  }

  #rowsChanged(): number {
    return this.#sqlite.prepare('SELECT total_changes()').pluck().get() as number;
  }

  #dataVersion(): number {
    return this.#sqlite.pragma('data_version', { simple: true }) as number;
  }
}

interface Placed {
  sqlite: Sqlite.Database;
  place: string;
}

/** What is open is what is at that path: it may be taken away meanwhile. */
function openPlaced(file: string, fileMustExist = false): Placed {
  for (;;) {
    if (!fileMustExist) makePrivate(file);
    const place = placeOf(file);
    if (place === 'nowhere' && fileMustExist) throw new Error(`${file} is gone`);
    if (place === 'nowhere') continue;
    const sqlite = open(file);
    if (placeOf(file) === place) return { sqlite, place };
    sqlite.close();
  }
}

function open(file: string): Sqlite.Database {
  return guard(file, () => {
    const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
    try {
      if (userVersion(sqlite) > migrations.length) {
        sqlite.close();
        return openToRead(file);
      }
      setWal(sqlite);
      sqlite.pragma('synchronous = FULL');
      sqlite.pragma('foreign_keys = ON');
      // What a statement with triggers would take back: as a file it takes longer than the statement.
      sqlite.pragma('temp_store = MEMORY');
      check(file, sqlite);
      migrate(file, sqlite);
      keepStatements(sqlite);
      return sqlite;
    } catch (failure) {
      sqlite.close();
      throw failure;
    }
  });
}

function openToLook(file: string): Sqlite.Database {
  return guard(file, () => {
    const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      if (userVersion(sqlite) > migrations.length) throw new ForgeError('store.newer', newerWords(file, sqlite));
      const answer = sqlite.pragma('quick_check(1)', { simple: true });
      if (answer !== 'ok') throw new ForgeError('store.broken', `${file} is damaged: ${answer}`);
      const version = userVersion(sqlite);
      if (version < migrations.length)
        throw new ForgeError('store.older', `${file} has format ${version} of an earlier Forge`);
      return sqlite;
    } catch (failure) {
      sqlite.close();
      throw failure;
    }
  });
}

/** Mode 0600 from the first moment: SQLite gives its side files the same mode. A planted link is not followed. */
function makePrivate(file: string): void {
  try {
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new ForgeError('store.broken', `${file} is a symbolic link; Forge does not follow it`, {
        next: 'Remove the link; Forge makes the database itself.',
      });
    }
    closeSync(openSync(file, 'a', 0o600));
    if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);
  } catch (failure) {
    if (failure instanceof ForgeError) throw failure;
    throw new ForgeError('store.broken', `${file} cannot be written: ${(failure as Error).message}`, {
      next: 'Make the folder and the file writable for you.',
      cause: failure,
    });
  }
}

function openToRead(file: string): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, readonly: true });
  keepStatements(sqlite);
  return sqlite;
}

function newerWords(file: string, sqlite: Sqlite.Database): string {
  const known = `this Forge knows up to ${migrations.length}`;
  return `${file} was written by a newer Forge (format ${userVersion(sqlite)}; ${known})`;
}

/** Which file of the disk it is; another one, or none, when it was taken away. */
export function placeOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'nowhere' : `${stat.dev}:${stat.ino}`;
}

function setWal(sqlite: Sqlite.Database): void {
  for (let attempt = 1; ; attempt++) {
    try {
      sqlite.pragma('journal_mode = WAL');
      return;
    } catch (failure) {
      const isBusy = failure instanceof Sqlite.SqliteError && failure.code.startsWith('SQLITE_BUSY');
      if (!isBusy || attempt >= WAL_ATTEMPTS) throw failure;
      pause(WAL_RETRY_MS);
    }
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function check(file: string, sqlite: Sqlite.Database): void {
  if (statSync(file).size > CHECK_BYTES_MAX) return;
  const answer = sqlite.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') throw new ForgeError('store.broken', `${file} is damaged: ${answer}`);
}

function migrate(file: string, sqlite: Sqlite.Database): void {
  if (userVersion(sqlite) === migrations.length) return;
  sqlite
    .transaction(() => {
      // Asked again inside: another process may have migrated, or be newer, in the meantime.
      const version = userVersion(sqlite);
      if (version > migrations.length) throw new ForgeError('store.newer', newerWords(file, sqlite));
      // The way back: this file in the place of the migrated one.
      if (version > 0) placeFile(`${file}.v${version}`, sqlite.serialize());
      for (const migration of migrations.slice(version)) sqlite.exec(migration);
      sqlite.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}

/** Compiles each statement once: that takes longer than most of them run. Their texts are few and fixed. */
function keepStatements(sqlite: Sqlite.Database): void {
  const statements = new Map<string, Sqlite.Statement>();
  const prepare = sqlite.prepare.bind(sqlite) as (text: string) => Sqlite.Statement;
  sqlite.prepare = ((text: string) => {
    const statement = statements.get(text) ?? prepare(text);
    statements.set(text, statement);
    return statement;
  }) as typeof sqlite.prepare;
}

function userVersion(sqlite: Sqlite.Database): number {
  return sqlite.pragma('user_version', { simple: true }) as number;
}

function guard<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (failure) {
    if (failure instanceof SyntaxError) {
      throw new ForgeError('store.broken', `${file} holds a value that cannot be read: ${failure.message}`);
    }
    if (!(failure instanceof Sqlite.SqliteError)) throw failure;
    throw explain(file, failure);
  }
}

function explain(file: string, failure: InstanceType<typeof Sqlite.SqliteError>): ForgeError {
  const { code, message } = failure;
  const row = failures.find(([prefix]) => code.startsWith(prefix));
  if (row === undefined) return new ForgeError('internal', `${file}: ${message} (${code})`, { cause: failure });
  const [, words, next] = row;
  return new ForgeError(
    'store.broken',
    `${file} ${words} (${message})`,
    next === null ? { cause: failure } : { next, cause: failure },
  );
}

/** Prefix of SQLite's code, what it means for the person, and the next step when it is not the table's own. */
const failures: readonly (readonly [prefix: string, words: string, next: string | null])[] = [
  ['SQLITE_NOTADB', 'is not a database; it was left as it is', null],
  ['SQLITE_CORRUPT', 'is damaged; it was left as it is', null],
  ['SQLITE_FULL', 'cannot grow: the disk is full', 'Free some space, then try again. Nothing was lost.'],
  [
    'SQLITE_BUSY',
    'is held by another process for too long',
    'Try again; see which process holds it: forge host status',
  ],
  ['SQLITE_READONLY', 'cannot be written', 'Make the folder and the file writable for you.'],
  ['SQLITE_CANTOPEN', 'cannot be opened', 'Make the folder and the file writable for you.'],
  ['SQLITE_PERM', 'cannot be opened', 'Make the folder and the file writable for you.'],
  ['SQLITE_IOERR', 'cannot be read or written', 'Check the disk; the file was left as it is.'],
  ['SQLITE_ERROR', 'does not have the tables it should have; it was left as it is', null],
];
