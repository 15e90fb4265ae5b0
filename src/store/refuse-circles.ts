import { ForgeError } from '../base/errors.ts';
import { prefixOf } from '../domain/id-prefix.ts';
import type { Task } from '../domain/task.ts';
import { findCycle } from '../domain/task-graph.ts';
import type { TaskRows } from './task-rows.ts';
import type { TaskGraph } from './task-store-input.ts';

/** Throws `task.cycle` when the task would wait for itself by a dependency that it did not have before. */
export function refuseCircles({ rows, database, outside }: TaskGraph, before: Task, { id, dependsOn }: Task): void {
  // Also when the way leads into another project, from where it may come back.
  const reaches = database.sqlite.prepare(
    `WITH RECURSIVE behind (id) AS (
       SELECT @from UNION SELECT depends_on FROM task_dependencies JOIN behind ON task = behind.id
     ) SELECT 1 FROM behind b WHERE id = @to OR (substr(id, 1, length(@own)) <> @own
         AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = b.id)) LIMIT 1`,
  );
  const own = `${prefixOf(id) ?? ''}-`;
  for (const dependency of dependsOn) {
    if (before.dependsOn.includes(dependency) || reaches.get({ from: dependency, to: id, own }) === undefined) continue;
    outside.holdIn(database);
    const circle = findCycle((task) => rows.behind(task), id, dependency);
    if (circle) throw new ForgeError('task.cycle', `that would be a circle: ${circle.join(' → ')}`);
  }
}

/** The same for parents. */
export function refuseParentCircle(rows: TaskRows, { id, parent }: Task): void {
  if (parent === null) return;
  const circle = parentCircle(rows, id, parent);
  if (circle === null) return;
  throw new ForgeError('task.cycle', `that would be a circle of parents: ${circle.join(' → ')}`, {
    next: 'Choose another parent: forge task edit',
  });
}

/** From a task upwards and back to it; null: the way up ends. */
export function parentCircle(rows: TaskRows, id: string, parent: string): string[] | null {
  return findCycle((task) => [rows.parent(task) ?? []].flat(), id, parent);
}
