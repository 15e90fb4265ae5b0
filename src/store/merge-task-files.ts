import type { Task } from '../domain/task.ts';
import { taskLine } from '../domain/task-line.ts';
import { mergeTask } from './merge-tasks.ts';
import { parseTaskFile, type TaskFile } from './parse-task-file.ts';

/**
 * Three versions of `tasks.jsonl` as one, by id and field by field: nothing is dropped without a tombstone that is newer
 * than the task. Lines that cannot be read are kept from both sides. Null when one side still has conflict markers.
 */
export function mergeTaskFiles(base: string, ours: string, theirs: string): string | null {
  const [before, own, other] = [base, ours, theirs].map(parseTaskFile) as [TaskFile, TaskFile, TaskFile];
  if (own.isConflicted || other.isConflicted) return null;
  const ancestors = newest(before, null);
  const [left, right] = [newest(own, ancestors), newest(other, ancestors)];
  const lines = new Map<string, string>();
  const buried = new Map<string, number>();
  for (const { id, deletedAt } of [...own.tombstones, ...other.tombstones]) {
    buried.set(id, Math.max(deletedAt, buried.get(id) ?? 0));
  }
  for (const [id, deletedAt] of buried) lines.set(id, JSON.stringify({ id, deletedAt }));
  for (const id of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(id) ?? right.get(id), right.get(id) ?? left.get(id)];
    if (a === undefined || b === undefined) continue;
    const task = mergeTask(ancestors.get(id) ?? null, a, b);
    if (task.updatedAt > (buried.get(id) ?? -1)) lines.set(id, taskLine(task));
  }
  const bad = new Set([...own.bad, ...other.bad].map(({ text }) => text));
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return [...sorted, ...bad].map((line) => `${line}\n`).join('');
}

/** The tasks of a file by id; several lines of one are merged. */
function newest({ tasks }: TaskFile, ancestors: Map<string, Task> | null): Map<string, Task> {
  const found = new Map<string, Task>();
  for (const task of tasks) {
    const known = found.get(task.id);
    found.set(task.id, known === undefined ? task : mergeTask(ancestors?.get(task.id) ?? null, known, task));
  }
  return found;
}
