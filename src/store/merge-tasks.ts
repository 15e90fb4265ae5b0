import type { Task } from '../domain/task.ts';

/**
 * Two versions of one task as one, field by field. A side that did not change a field since `ancestor` yields; where both
 * did, the one with the newer `updatedAt` wins, `ours` when they are equally old. `updatedAt` becomes the newer one. Comments and history are sets: what either has is in the result.
 */
export function mergeTask(ancestor: Task | null, ours: Task, theirs: Task): Task {
  const merged: Record<string, unknown> = {};
  const newer = theirs.updatedAt > ours.updatedAt ? theirs : ours;
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const value = mergeField(ancestor?.[key], ours[key], theirs[key], newer[key]);
    if (value !== undefined) merged[key] = value;
  }
  merged.updatedAt = newer.updatedAt;
  for (const key of ['comments', 'history'] as const) {
    const both = union<{ at: number }>(ours[key], theirs[key]);
    if (both.length > 0) merged[key] = both;
  }
  return merged as Task;
}

function mergeField(ancestor: unknown, ours: unknown, theirs: unknown, newer: unknown): unknown {
  if (isSame(ours, theirs) || isSame(theirs, ancestor)) return ours;
  return isSame(ours, ancestor) ? theirs : newer;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Both lists without doubles, oldest first, in the order in which the store gives them. */
function union<T extends { at: number }>(ours: readonly T[] = [], theirs: readonly T[] = []): T[] {
  const entries = new Map([...ours, ...theirs].map((entry) => [JSON.stringify(entry), entry]));
  return [...entries]
    .sort(([a, first], [b, second]) => first.at - second.at || (a < b ? -1 : 1))
    .map(([, entry]) => entry);
}
