import type { Task, TaskChange } from './task.ts';

/** Characters of a value in the history: a body of a megabyte is not kept again with each change. */
const valueMax = 200;

/** What follows from a change, or tells of it. */
const unrecorded = new Set(['updatedAt', 'closedAt', 'comments', 'history']);

/** The fields that differ, each with its value before and after; null: not there. */
export function changesBetween(before: Task, after: Task): TaskChange['changes'] {
  const changes: TaskChange['changes'] = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (unrecorded.has(key) || JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
    changes[key] = [short(before[key]), short(after[key])];
  }
  return changes;
}

function short(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === 'string' && value.length > valueMax ? `${value.slice(0, valueMax).toWellFormed()}…` : value;
}
