import { randomId } from '../base/ids.ts';
import type { Database } from './database.ts';

/** Characters of a new id; a crowded project gets longer ones. */
const ID_LENGTH = 4;
const ID_ATTEMPTS_PER_LENGTH = 8;

/** An id that no task has, and none had. */
export function mintTaskId(database: Database, prefix: string): string {
  for (let attempt = 0; ; attempt++) {
    const id = `${prefix}-${randomId(ID_LENGTH + Math.floor(attempt / ID_ATTEMPTS_PER_LENGTH))}`;
    if (!isTaken(database, id)) return id;
  }
}

/** There is a task with it, or there was. */
export function isTaken({ sqlite }: Database, id: string): boolean {
  const sql = 'SELECT 1 FROM tasks WHERE id = @id UNION ALL SELECT 1 FROM tombstones WHERE id = @id';
  return sqlite.prepare(sql).get({ id }) !== undefined;
}
