import { z } from 'zod';
import { type ForeignFile, type ForeignTask, foreignTask, joinTexts } from './foreign-task.ts';

const id = z.union([z.int(), z.string().min(1)]).transform(String);
const text = z.string().nullish();

const subtaskSchema = z.looseObject({
  id,
  title: z.string().trim().min(1),
  description: text,
  details: text,
  testStrategy: text,
  status: z.string().default('pending'),
  priority: text,
  dependencies: z.array(id).nullish(),
});
const taskSchema = subtaskSchema.extend({ subtasks: z.array(subtaskSchema).nullish() });
const listSchema = z.looseObject({ tasks: z.array(z.unknown()) });

const priorities: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
const closed = new Set(['done', 'completed', 'cancelled']);

/** `.taskmaster/tasks/tasks.json` of task-master: lists of tasks under tags, or, before it had tags, one list. */
export function readTaskMaster(content: string): ForeignFile {
  const file: ForeignFile = { tasks: [], problems: [] };
  let root: unknown;
  try {
    root = JSON.parse(content);
  } catch (failure) {
    return { tasks: [], problems: [`not JSON: ${(failure as Error).message}`] };
  }
  const single = listSchema.safeParse(root);
  const lists = single.success ? { master: root } : z.record(z.string(), z.unknown()).safeParse(root).data;
  for (const [tag, value] of Object.entries(lists ?? {})) {
    const list = listSchema.safeParse(value);
    if (list.success) for (const [index, task] of list.data.tasks.entries()) readInto(file, task, tag, index + 1);
  }
  if (file.tasks.length + file.problems.length === 0 && !single.success)
    file.problems.push('there is no list "tasks" in it');
  return file;
}

function readInto(file: ForeignFile, value: unknown, tag: string, place: number): void {
  const parsed = taskSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    file.problems.push(`task ${place} of ${tag}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
    return;
  }
  const { subtasks, ...task } = parsed.data;
  const key = `${tag}:${task.id}`;
  const extra = tag === 'master' ? [] : [tag];
  file.tasks.push(taskOf(task, key, null, place, (other) => `${tag}:${other}`, extra));
  for (const subtask of subtasks ?? []) {
    // A number alone is a sibling; `2.1` names the parent too.
    const resolve = (other: string) => (other.includes('.') ? `${tag}:${other}` : `${key}.${other}`);
    file.tasks.push(taskOf(subtask, `${key}.${subtask.id}`, key, place, resolve, extra));
  }
}

function taskOf(
  task: z.infer<typeof subtaskSchema>,
  key: string,
  parent: string | null,
  place: number,
  resolve: (other: string) => string,
  labels: string[],
): ForeignTask {
  return {
    ...foreignTask(key, place, task.title),
    isClosed: closed.has(task.status),
    dependsOn: (task.dependencies ?? []).map(resolve),
    parent,
    fields: {
      body: joinTexts(task.description, { Details: task.details }),
      priority: priorities[task.priority ?? ''] ?? 2,
      labels,
      ...(task.testStrategy?.trim() && { acceptance: task.testStrategy.trim() }),
    },
  };
}
