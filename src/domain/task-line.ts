import { type Task, taskSchema } from './task.ts';

const knownKeys = Object.keys(taskSchema.shape) as (keyof typeof taskSchema.shape)[];
const known = new Set<string>(knownKeys);

/** A task as its line of `tasks.jsonl`: known keys in the schema's order, then unknown ones by name. No line break. */
export function taskLine(task: Task): string {
  const ordered: Record<string, unknown> = {};
  for (const key of knownKeys) ordered[key] = task[key];
  for (const key of Object.keys(task).sort()) if (!known.has(key)) ordered[key] = task[key];
  return JSON.stringify(ordered);
}
