import { chmodSync, closeSync, lstatSync, openSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import { guard } from './guard.ts';
import { migrations } from './migrations/index.ts';
import { placeFile } from './place-file.ts';
import { dropSides, isSame, nowhere, placeOf, type Sides, sidesOf } from './places.ts';
import { requireWhole } from './require-whole.ts';

/** How long a writer waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** A database up to this size is checked whole at open (some ms a MB); a larger one only where it is read. */
const CHECK_BYTES_MAX = 16 * 1024 * 1024;
/** Two processes that make the same database at once: SQLite refuses the second switch to WAL without waiting. */
const WAL_ATTEMPTS = 200;
const WAL_RETRY_MS = 10;
/** One side file without the other is being made, or being taken away, for a moment; or it is what a copy left. */
const SIDES_ATTEMPTS = 20;
const SIDES_RETRY_MS = 5;

/** An open database, and which files of the disk it is. */
export interface Placed {
  sqlite: Sqlite.Database;
  place: string;
  sides: Sides;
}

/** Makes or migrates it. What is open is what is at that path: it may be taken away meanwhile. */
export function openPlaced(file: string, fileMustExist = false): Placed {
  for (;;) {
    if (!fileMustExist) makePrivate(file);
    const place = placeOf(file);
    if (place === nowhere && fileMustExist) throw new Error(`${file} is gone`);
    if (place === nowhere) continue;
    const before = settledSides(file);
    const sqlite = connect(file);
    const sides = sidesOf(file);
    const areOwn = (before.wal === nowhere && before.shm === nowhere) || isSame(before, sides);
    if (areOwn && placeOf(file) === place) return { sqlite: prepared(file, sqlite), place, sides };
    sqlite.close();
  }
}

function settledSides(file: string): Sides {
  for (let attempt = 1; ; attempt++) {
    const sides = sidesOf(file);
    if ((sides.wal === nowhere) === (sides.shm === nowhere)) return sides;
    if (attempt < SIDES_ATTEMPTS) pause(SIDES_RETRY_MS);
    else if (sides.wal === nowhere) dropSides(file);
    else return sides;
  }
}

/** Nothing is written into one that has content: another one may be in its place by now. */
function connect(file: string): Sqlite.Database {
  return guard(file, () => {
    const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
    try {
      if (userVersion(sqlite) > migrations.length) {
        sqlite.close();
        return new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, readonly: true });
      }
      setWal(sqlite);
      if (statSync(file).size <= CHECK_BYTES_MAX) requireWhole(file, sqlite);
      return sqlite;
    } catch (failure) {
      sqlite.close();
      throw failure;
    }
  });
}

function prepared(file: string, sqlite: Sqlite.Database): Sqlite.Database {
  return guard(file, () => {
    try {
      if (!sqlite.readonly) {
        sqlite.pragma('synchronous = FULL');
        sqlite.pragma('foreign_keys = ON');
        // What a statement with triggers would take back: as a file it takes longer than the statement.
        sqlite.pragma('temp_store = MEMORY');
        migrate(file, sqlite);
      }
      keepStatements(sqlite);
      return sqlite;
    } catch (failure) {
      sqlite.close();
      throw failure;
    }
  });
}

/** For a look: nothing is made, migrated or changed. */
export function openToLook(file: string): Sqlite.Database {
  return guard(file, () => {
    const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      if (userVersion(sqlite) > migrations.length) throw new ForgeError('store.newer', newerWords(file, sqlite));
      requireWhole(file, sqlite);
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
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat === undefined) dropSides(file);
    if (stat?.isSymbolicLink()) {
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

export function newerWords(file: string, sqlite: Sqlite.Database): string {
  const known = `this Forge knows up to ${migrations.length}`;
  return `${file} was written by a newer Forge (format ${userVersion(sqlite)}; ${known})`;
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
