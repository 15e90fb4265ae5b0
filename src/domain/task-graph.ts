import type { Task, TaskView } from './task.ts';

type Edges = Pick<Task, 'id' | 'dependsOn'>;

/**
 * The circle that `from` depending on `to` would close, as ids from `from` back to `from`; null when there is none.
 * `tasks` is the graph before the change.
 */
export function findCycle(tasks: Iterable<Edges>, from: string, to: string): string[] | null {
  if (from === to) return [from, from];
  const dependsOn = new Map([...tasks].map((task) => [task.id, task.dependsOn]));
  const cameFrom = new Map<string, string>([[to, from]]);
  const pending = [to];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const next of dependsOn.get(id) ?? []) {
      if (next === from) return pathBack(cameFrom, id, from);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      pending.push(next);
    }
  }
  return null;
}

function pathBack(cameFrom: Map<string, string>, last: string, from: string): string[] {
  const path = [from];
  for (let id = last; id !== from; id = cameFrom.get(id) as string) path.unshift(id);
  return [from, ...path];
}

/** Each task with what blocks it. A dependency on an unknown or closed task does not block. */
export function viewTasks(tasks: readonly Task[]): TaskView[] {
  const open = new Set(tasks.filter((task) => task.status === 'open').map((task) => task.id));
  return tasks.map((task) => {
    const blockedBy = task.status === 'open' ? task.dependsOn.filter((id) => open.has(id)) : [];
    return { ...task, blockedBy, isReady: task.status === 'open' && blockedBy.length === 0 };
  });
}

/** Most urgent first, then oldest first, then by id: the order in which ready tasks are taken. */
export function byUrgency(a: Task, b: Task): number {
  return a.priority - b.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
