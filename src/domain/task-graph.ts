import type { Task } from './task.ts';

/**
 * The circle that `from` depending on `to` would close, as ids from `from` back to `from`; null when there is none.
 * `dependsOn` tells of each task what it depends on, before the change.
 */
export function findCycle(dependsOn: (id: string) => readonly string[], from: string, to: string): string[] | null {
  if (from === to) return [from, from];
  const cameFrom = new Map<string, string>([[to, from]]);
  const pending = [to];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const next of dependsOn(id)) {
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

/** Most urgent first, then oldest first, then by id: the order in which ready tasks are taken. */
export function byUrgency(a: Task, b: Task): number {
  return a.priority - b.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
