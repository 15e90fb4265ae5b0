import { randomId } from '../base/ids.ts';
import type { Database } from './database.ts';

/** Characters of a new id; a crowded project gets longer ones. */
const ID_LENGTH = 4;
const ID_ATTEMPTS_PER_LENGTH = 8;

/** An id that no task has, and none had. */
export function mintTaskId({ sqlite }: Database, prefix: string): string {
  const taken = sqlite.prepare('SELECT 1 FROM tasks WHERE id = @id UNION ALL SELECT 1 FROM tombstones WHERE id = @id');
  for (let attempt = 0; ; attempt++) {
    const id = `${prefix}-${randomId(ID_LENGTH + Math.floor(attempt / ID_ATTEMPTS_PER_LENGTH))}`;
    if (taken.get({ id }) === undefined) return id;
  }
}
