import { ForgeError } from '../base/errors.ts';
import { refuseSecrets } from '../domain/secrets.ts';
import type { Task, TaskPatch } from '../domain/task.ts';
import { fieldsOf, type TaskChanged } from '../domain/task-step.ts';
import { meantTask } from './meant-task.ts';
import { refuseCircles, refuseParentCircle } from './refuse-circles.ts';
import type { TaskGraph } from './task-store-input.ts';

/** The task as the patch wants it. */
export function editedTask(
  graph: TaskGraph,
  task: Task,
  { env, addLabels = [], removeLabels = [], ...patch }: TaskPatch,
): Task {
  const edited = withVariables(patchedTask(graph, task, patch), env);
  const labels = [...new Set([...edited.labels, ...addLabels])].filter((label) => !removeLabels.includes(label));
  return { ...edited, labels };
}

/** The task with the fields of the patch; null takes one away. Ids are made whole, circles refused. */
export function patchedTask(graph: TaskGraph, task: Task, patch: Omit<TaskPatch, 'env'>): Task {
  const { dependsOn, parent, related, discoveredFrom, ...plain } = patch;
  const links = {
    ...(dependsOn && { dependsOn: dependencies(graph, task, dependsOn) }),
    ...(parent !== undefined && { parent: parent === null ? null : meantTask(graph, parent) }),
    ...(related && { related: related.length === 0 ? undefined : allMeant(graph, related) }),
    ...(discoveredFrom !== undefined && { discoveredFrom: discoveredFrom && meantTask(graph, discoveredFrom) }),
  };
  const patched = { ...task, ...defined({ ...plain }), ...links } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patched)) {
    if (value === undefined || (value === null && task[key] !== null && key !== 'parent')) delete patched[key];
  }
  const result = patched as Task;
  if (links.dependsOn) refuseCircles(graph, task, result);
  if (links.parent) refuseParentCircle(graph.rows, result);
  return result;
}

/** The task as it was; one that was added is closed. Throws `undo.changed` when a field is not what it was changed to. */
export function taskBefore(graph: TaskGraph, task: Task, { before, after }: TaskChanged): Task {
  const now = fieldsOf(task, Object.keys(after));
  const changed = Object.keys(after).filter((field) => JSON.stringify(now[field]) !== JSON.stringify(after[field]));
  if (changed.length > 0)
    throw new ForgeError('undo.changed', `${task.id} was changed since then: ${changed.join(', ')}.`);
  const result = { ...task, ...(before ?? { status: 'closed' }) } as Record<string, unknown>;
  for (const [field, value] of Object.entries(result)) {
    if (value === null && !isNullable.has(field)) delete result[field];
  }
  refuseCircles(graph, task, result as Task);
  refuseParentCircle(graph.rows, result as Task);
  return result as Task;
}

/** A task without them has null there; other fields that it does not have are left out. */
const isNullable: ReadonlySet<string> = new Set(['parent', 'closedAt']);

/** The task with these variables besides its own; null takes one away. Throws `usage.invalid` for a secret. */
export function withVariables({ env: known, ...task }: Task, env: TaskPatch['env'] = {}): Task {
  refuseSecrets(env);
  const variables = Object.entries({ ...known, ...env }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return { ...task, ...(variables.length === 0 ? {} : { env: Object.fromEntries(variables) }) } as Task;
}

/** Whole ids of tasks to wait for: of this project, of another one by its prefix, or those that it waits for already. */
function dependencies(graph: TaskGraph, task: Task, typed: readonly string[]): string[] {
  return [...new Set(typed.map((id) => (task.dependsOn.includes(id) ? id : meantTask(graph, id, graph.outside))))];
}

function allMeant(graph: TaskGraph, ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => meantTask(graph, id)))];
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}
