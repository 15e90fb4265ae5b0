import Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';

/** Runs `act`; a failure of SQLite on `file` becomes a `ForgeError`. */
export function guard<T>(file: string, act: () => T): T {
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
