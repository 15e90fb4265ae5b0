import type { Task, TaskChange, TaskComment, TaskView } from '../domain/task.ts';

/** Fields that have a place of their own in the tables. */
const columns = new Set([
  ...['id', 'title', 'body', 'status', 'priority', 'labels', 'dependsOn', 'parent', 'assignee', 'claimedAt'],
  ...['related', 'discoveredFrom', 'comments', 'history', 'createdAt', 'updatedAt', 'closedAt'],
]);

/** A row of `tasks`; labels are JSON. */
export interface PlainRow {
  id: string;
  title: string;
  body: string;
  status: Task['status'];
  priority: number;
  labels: string;
  parent: string | null;
  created_at: number;
  updated_at: number;
  closed_at: number | null;
  assignee: string | null;
  claimed_at: number | null;
  extra: string;
}

/** A row of `selectTasks`; lists are JSON. */
export interface TaskRow extends PlainRow {
  depends: string;
  blocked: string;
  outside: string;
  links: string;
}

export type LinkRow = { task: string; kind: string; other: string };

/** Whether one must wait for a task of another project: a function that `Database` gives to SQLite. */
export const waitsOutsideSql = 'waits_outside(d.depends_on)';

/**
 * Dependencies `d` of a task `t` on tasks of other projects that are open, or of which that is not known. One on a task that
 * was here and is gone is none. Ids of one prefix are not looked at further.
 */
const outsideBlockersSql = `task_dependencies d WHERE d.task = t.id
  AND substr(d.depends_on, 1, instr(d.depends_on, '-')) <> substr(t.id, 1, instr(t.id, '-')) AND ${waitsOutsideSql}
  AND NOT EXISTS (SELECT 1 FROM tasks b WHERE b.id = d.depends_on)
  AND NOT EXISTS (SELECT 1 FROM tombstones b WHERE b.id = d.depends_on)`;

/** What a task depends on here and is open. SQLite would take the key instead of this index, and read each task. */
const openBlockersSql = 'task_dependencies d JOIN tasks b INDEXED BY tasks_open ON b.id = d.depends_on';

/** True of a row `t` of `tasks` that waits for an open task. One of this project that is not known, or closed, blocks nothing. */
export const isBlockedSql = `(EXISTS (SELECT 1 FROM ${openBlockersSql} WHERE d.task = t.id AND b.status = 'open')
  OR EXISTS (SELECT 1 FROM ${outsideBlockersSql}))`;

export const isReadySql = `t.status = 'open' AND t.claimed_at IS NULL AND NOT ${isBlockedSql}`;

/** The order in which ready tasks are taken: most urgent first, then oldest, then by id. */
export const byUrgencySql = 't.priority, t.created_at, t.id';

/** Tasks as rows; a condition on `t` and an order follow. */
export const selectTasks = `SELECT t.*,
  (SELECT json_group_array(id) FROM (SELECT depends_on AS id FROM task_dependencies WHERE task = t.id ORDER BY position))
    AS depends,
  (SELECT json_group_array(id) FROM (SELECT d.depends_on AS id FROM ${openBlockersSql}
    WHERE d.task = t.id AND b.status = 'open' AND t.status = 'open' ORDER BY d.position)) AS blocked,
  (SELECT json_group_array(id) FROM (SELECT d.depends_on AS id FROM ${outsideBlockersSql} AND t.status = 'open'
    ORDER BY d.position)) AS outside,
  (SELECT json_group_array(json_object('kind', kind, 'other', other)) FROM
    (SELECT kind, other FROM task_links WHERE task = t.id ORDER BY kind, position)) AS links
  FROM tasks t`;

/** Without comments and history. */
export function taskFromRow(row: PlainRow, dependsOn: string[], links: readonly Omit<LinkRow, 'task'>[]): Task {
  const task: Task = {
    ...(row.extra === '{}' ? {} : (JSON.parse(row.extra) as Record<string, unknown>)),
    id: row.id,
    title: row.title,
    body: row.body,
    status: row.status,
    priority: row.priority,
    labels: list(row.labels),
    dependsOn,
    parent: row.parent,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    closedAt: row.closed_at,
  };
  if (row.assignee !== null) task.assignee = row.assignee;
  if (row.claimed_at !== null) task.claimedAt = row.claimed_at;
  for (const { kind, other } of links) {
    if (kind === 'related') task.related = [...(task.related ?? []), other];
    else task.discoveredFrom = other;
  }
  return task;
}

/** `wordsOf`: where a task of another project is, by its id. */
export function viewFromRow(row: TaskRow, wordsOf: (id: string) => string): TaskView {
  const task = taskFromRow(row, list(row.depends), list(row.links));
  const outside = list(row.outside);
  const blockedBy = [...list(row.blocked), ...outside];
  return {
    ...task,
    blockedBy,
    ...(outside.length > 0 && { blockedOutside: Object.fromEntries(outside.map((id) => [id, wordsOf(id)])) }),
    isReady: task.status === 'open' && blockedBy.length === 0 && task.claimedAt === undefined,
  };
}

/** What few tasks have, and what a later version knows, as JSON. */
export function otherFields(task: Task): string {
  return JSON.stringify(Object.fromEntries(Object.entries(task).filter(([key]) => !columns.has(key))));
}

/** A comment or a change as a row of `task_notes`. */
export type NoteRow = { task: string; kind: 'comments' | 'history'; entry: string };

export function withNotes(task: Task, notes: readonly NoteRow[]): Task {
  const of = (kind: NoteRow['kind']) =>
    notes.filter((note) => note.kind === kind).map(({ entry }) => JSON.parse(entry));
  const comments = of('comments') as TaskComment[];
  const history = of('history') as TaskChange[];
  return { ...task, ...(comments.length > 0 && { comments }), ...(history.length > 0 && { history }) };
}

function list<T = string>(json: string): T[] {
  return json === '[]' ? [] : (JSON.parse(json) as T[]);
}
