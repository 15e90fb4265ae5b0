import { chmodSync, closeSync, lstatSync, openSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';
import { migrations } from './migrations/index.ts';

/** How long a writer waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** A database up to this size is checked whole at open (some ms a MB); a larger one only where it is read. */
const CHECK_BYTES_MAX = 16 * 1024 * 1024;
/** Two processes that make the same database at once: SQLite refuses the second switch to WAL without waiting. */
const WAL_ATTEMPTS = 200;
const WAL_RETRY_MS = 10;

/**
 * One open database. Reads and writes go through `read` and `write`, so that every failure of SQLite becomes a
 * `ForgeError` and every write is one immediate transaction.
 */
export class Database {
  readonly sqlite: Sqlite.Database;
  readonly file: string;
  #ownChanges = 0;
  #foreignVersion: number;
  #foreignChanges = 0;

  /** `mode` `look`: nothing is made, migrated or changed; throws `store.broken` for one of an earlier format too. */
  constructor(file: string, mode: 'use' | 'look' = 'use') {
    this.file = file;
    this.sqlite = mode === 'use' ? open(file) : openToLook(file);
    this.#foreignVersion = this.#dataVersion();
  }

  read<T>(act: () => T): T {
    return guard(this.file, act);
  }

  /** Runs `act` in an immediate transaction: it sees, and then leaves, one state of the store. */
  write<T>(act: () => T): T {
    return guard(this.file, () => {
      const before = this.#rowsChanged();
      const result = this.sqlite.transaction(act).immediate();
      if (this.#rowsChanged() !== before) this.#ownChanges += 1;
      return result;
    });
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
    this.sqlite.close();
  }

  #rowsChanged(): number {
    return this.sqlite.prepare('SELECT total_changes()').pluck().get() as number;
  }

  #dataVersion(): number {
    return this.sqlite.pragma('data_version', { simple: true }) as number;
  }
}

function open(file: string): Sqlite.Database {
  makePrivate(file);
  return guard(file, () => {
    const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      refuseNewer(file, sqlite);
      setWal(sqlite);
      sqlite.pragma('synchronous = FULL');
      sqlite.pragma('foreign_keys = ON');
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
      refuseNewer(file, sqlite);
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

function refuseNewer(file: string, sqlite: Sqlite.Database): void {
  const version = userVersion(sqlite);
  if (version <= migrations.length) return;
  const known = `this Forge knows up to ${migrations.length}`;
  throw new ForgeError('store.newer', `${file} was written by a newer Forge (format ${version}; ${known})`);
}

function setWal(sqlite: Sqlite.Database): void {
  for (let attempt = 1; ; attempt++) {
    try {
      sqlite.pragma('journal_mode = WAL');
      return;
    } catch (failure) {
      const isBusy = failure instanceof Sqlite.SqliteError && failure.code.startsWith('SQLITE_BUSY');
      if (!isBusy || attempt >= WAL_ATTEMPTS) throw failure;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
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
      refuseNewer(file, sqlite);
      for (const migration of migrations.slice(userVersion(sqlite))) sqlite.exec(migration);
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
