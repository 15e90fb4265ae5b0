import type { BatchMember } from './batch.ts';
import type { Task } from './task.ts';

/** Values of fields of a task, in full; null: not there. */
type Fields = Readonly<Record<string, unknown>>;

/** What was changed of one task. `before` null: it was added. */
export interface TaskChanged {
  task: string;
  title: string;
  before: Fields | null;
  after: Fields;
}

/** Tasks that were put into a batch, or taken out of it. */
export interface BatchChanged {
  batch: string;
  members: readonly BatchMember[];
  isIn: boolean;
}

/** What a person did at once, to one task or to many. */
export interface TaskStep {
  id: number;
  /** Ms since the epoch. */
  at: number;
  changes: readonly TaskChanged[] | BatchChanged;
}

/** What follows from a change, or tells of it. */
const derived = new Set(['id', 'updatedAt', 'closedAt', 'createdAt', 'comments', 'history']);

export function fieldsOf(task: Task, names: readonly string[] = Object.keys(task)): Fields {
  return Object.fromEntries(names.flatMap((name) => (derived.has(name) ? [] : [[name, task[name] ?? null]])));
}

/** What it did, in words: `closing fg-a3f8, “Fix the login”`. Titles are as they were given. */
export function stepWords({ changes }: Pick<TaskStep, 'changes'>): string {
  if (!isTasks(changes)) {
    const { batch, members, isIn } = changes;
    return `putting ${counted(members.map(({ task }) => task))} ${isIn ? 'into' : 'out of'} the batch ${batch}`;
  }
  const [first] = changes;
  if (first === undefined) return 'nothing';
  const which = changes.length === 1 ? `${first.task}, “${first.title}”` : counted(changes.map(({ task }) => task));
  return `${deed(first)} ${which}`;
}

/** The step against it. Of a task that was added: it was closed, and is as it was. */
export function opposite(changes: TaskStep['changes']): TaskStep['changes'] {
  if (!isTasks(changes)) return { ...changes, isIn: !changes.isIn };
  return changes.map(({ before, after, ...of }) => ({
    ...{ ...of, before: after, after: before ?? { ...after, status: 'closed' } },
  }));
}

export function isTasks(changes: TaskStep['changes']): changes is readonly TaskChanged[] {
  return Array.isArray(changes);
}

function deed({ before, after }: TaskChanged): string {
  if (before === null) return 'adding';
  if ('status' in after) return after.status === 'closed' ? 'closing' : 'opening again';
  const [field, ...more] = Object.keys(after);
  if (more.length > 0) return `changing ${[field, ...more].join(', ')} of`;
  if (field === 'priority') return `priority ${after.priority} instead of ${before.priority} of`;
  return field === 'dependsOn' ? 'what it waits for of' : `changing ${field} of`;
}

function counted(ids: readonly string[]): string {
  return ids.length === 1 ? String(ids[0]) : `${ids.length} tasks`;
}
