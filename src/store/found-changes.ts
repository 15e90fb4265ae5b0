import type { Task, TaskChange } from '../domain/task.ts';
import { changesBetween } from '../domain/task-changes.ts';
import type { Database } from './database.ts';

/** In the place of who changed it: an editor, or somebody whose change git brought. */
const by = 'tasks.jsonl';

/**
 * Notes what a line of the file changed of a task (null: it is new), unless the line's own history tells of it. `after`: what
 * became of the task; `at`: when it was found.
 */
export function noteFound({ sqlite }: Database, before: Task | null, after: Task, at: number): void {
  const known = new Set(before?.history?.map((entry) => JSON.stringify(entry)));
  const told = (after.history ?? []).filter((entry) => !known.has(JSON.stringify(entry)));
  if (before === null && told.length > 0) return;
  const fields = new Set(told.flatMap(({ changes }) => Object.keys(changes)));
  const changes = Object.entries(before === null ? {} : changesBetween(before, after)).filter(
    ([field]) => !fields.has(field),
  );
  if (before !== null && changes.length === 0) return;
  const insert = sqlite.prepare('INSERT INTO found_changes (task, at, changes) VALUES (?, ?, ?)');
  insert.run(after.id, at, JSON.stringify(Object.fromEntries(changes)));
}

/** Oldest first. */
export function foundChanges({ sqlite }: Database, task: string): TaskChange[] {
  const rows = sqlite.prepare('SELECT at, changes FROM found_changes WHERE task = ? ORDER BY at, rowid').all(task);
  return (rows as { at: number; changes: string }[]).map(({ at, changes }) => ({
    at,
    by,
    changes: JSON.parse(changes) as TaskChange['changes'],
  }));
}
