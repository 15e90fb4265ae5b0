import type Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';

/** Reads all of it, some ms a MB. Throws `store.broken`. */
export function requireWhole(file: string, sqlite: Sqlite.Database): void {
  const answer = sqlite.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') throw new ForgeError('store.broken', `${file} is damaged: ${answer}`);
}
