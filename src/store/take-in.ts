import type { Task } from '../domain/task.ts';
import { taskLine } from '../domain/task-line.ts';
import type { Database } from './database.ts';
import { noteFound } from './found-changes.ts';
import { mergeTask } from './merge-tasks.ts';
import type { TaskFile, Tombstone } from './parse-task-file.ts';
import type { TaskRows } from './task-rows.ts';

/**
 * Merges the file's tasks into the rows, by id, against its lines as they were `before`, and notes at `now` what it changed. Of a file
 * that is read for the first time nothing is noted: nobody changed it.
 */
export function takeIn(
  database: Database,
  rows: TaskRows,
  before: ReadonlyMap<string, string>,
  parsed: TaskFile,
  now: number,
): void {
  const ours = new Map(rows.all().map((task) => [task.id, task]));
  const buried = new Map(tombstonesIn(database).map((tombstone) => [tombstone.id, tombstone.deletedAt]));
  const fresh: Task[] = [];
  for (const [id, versions] of byId(parsed.tasks)) {
    const own = ours.get(id) ?? null;
    // Two versions between conflict markers: the person chooses, not Forge.
    if (parsed.isConflicted && own !== null && new Set(versions.map(taskLine)).size > 1) continue;
    const [only] = versions;
    if (own !== null && versions.length === 1 && taskLine(own) === taskLine(only as Task)) continue;
    const ancestor = taskOrNull(JSON.parse(before.get(id) ?? 'null') as Task | Tombstone | null);
    // Of several lines one is what the file said before: what the others began with is not known, and the newer words count.
    const isOneOld = versions.length > 1 && versions.some((line) => ancestor && taskLine(line) === taskLine(ancestor));
    const theirs = versions.reduce((a, b) => mergeTask(isOneOld ? null : ancestor, a, b));
    const deletedAt = buried.get(id);
    if (own === null && deletedAt !== undefined && theirs.updatedAt <= deletedAt) continue;
    if (deletedAt !== undefined) unbury(database, id);
    const merged = own === null ? theirs : mergeTask(ancestor, own, theirs);
    if (own === null) fresh.push(merged);
    else if (taskLine(merged) !== taskLine(own)) {
      rows.put(merged);
      noteFound(database, own, merged, now);
    }
    ours.set(id, merged);
  }
  rows.putNew(fresh);
  rows.settleWords(fresh.length);
  if (before.size > 0) for (const task of fresh) noteFound(database, null, task, now);
  for (const { id, deletedAt } of parsed.tombstones) {
    const own = ours.get(id);
    if (own !== undefined && (own.updatedAt > deletedAt || isRunning(database, id))) continue;
    if (own !== undefined) rows.delete(id);
    bury(database, id, deletedAt);
  }
}

export function tombstonesIn({ sqlite }: Database): Tombstone[] {
  return sqlite.prepare('SELECT id, deleted_at AS deletedAt FROM tombstones').all() as Tombstone[];
}

function bury({ sqlite }: Database, id: string, deletedAt: number): void {
  sqlite
    .prepare(
      `INSERT INTO tombstones (id, deleted_at) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)`,
    )
    .run(id, deletedAt);
}

function unbury({ sqlite }: Database, id: string): void {
  sqlite.prepare('DELETE FROM tombstones WHERE id = ?').run(id);
}

function isRunning({ sqlite }: Database, task: string): boolean {
  return sqlite.prepare('SELECT 1 FROM runs WHERE task = ? AND is_live = 1').get(task) !== undefined;
}

function byId(tasks: Task[]): Map<string, Task[]> {
  const map = new Map<string, Task[]>();
  for (const task of tasks) map.set(task.id, [...(map.get(task.id) ?? []), task]);
  return map;
}

function taskOrNull(value: Task | Tombstone | null | undefined): Task | null {
  return value != null && 'title' in value ? value : null;
}
