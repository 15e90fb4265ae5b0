import type { Task } from '../domain/task.ts';
import type { Database } from './database.ts';

/** Fields that have a place of their own in the tables. */
const columns = new Set([
  ...['id', 'title', 'body', 'status', 'priority', 'labels', 'dependsOn', 'parent'],
  ...['createdAt', 'updatedAt', 'closedAt'],
]);

interface TaskRow {
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
  extra: string;
}

const selectEdges = 'SELECT task, depends_on FROM task_dependencies ORDER BY task, position';
const put = `INSERT INTO tasks (id, title, body, status, priority, labels, parent, created_at, updated_at, closed_at, extra)
  VALUES (@id, @title, @body, @status, @priority, @labels, @parent, @createdAt, @updatedAt, @closedAt, @extra)
  ON CONFLICT (id) DO UPDATE SET title = excluded.title, body = excluded.body, status = excluded.status,
    priority = excluded.priority, labels = excluded.labels, parent = excluded.parent,
    created_at = excluded.created_at, updated_at = excluded.updated_at, closed_at = excluded.closed_at,
    extra = excluded.extra`;

/** Tasks as rows: reading and writing them whole. To be called inside a transaction of the caller. */
export class TaskRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every task, by id. */
  all(): Task[] {
    const { sqlite } = this.#database;
    const dependsOn = new Map<string, string[]>();
    for (const { task, depends_on } of sqlite.prepare(selectEdges).all() as { task: string; depends_on: string }[]) {
      const list = dependsOn.get(task);
      if (list === undefined) dependsOn.set(task, [depends_on]);
      else list.push(depends_on);
    }
    return (sqlite.prepare('SELECT * FROM tasks ORDER BY id').all() as TaskRow[]).map((row) =>
      fromRow(row, dependsOn.get(row.id) ?? []),
    );
  }

  put(task: Task): void {
    const { sqlite } = this.#database;
    sqlite.prepare(put).run({
      id: task.id,
      title: task.title,
      body: task.body,
      status: task.status,
      priority: task.priority,
      labels: JSON.stringify(task.labels),
      parent: task.parent,
      createdAt: task.createdAt,
      updatedAt: task.updatedAt,
      closedAt: task.closedAt,
      extra: JSON.stringify(otherFields(task)),
    });
    sqlite.prepare('DELETE FROM task_dependencies WHERE task = ?').run(task.id);
    const insert = sqlite.prepare('INSERT INTO task_dependencies (task, depends_on, position) VALUES (?, ?, ?)');
    for (const [position, id] of [...new Set(task.dependsOn)].entries()) insert.run(task.id, id, position);
  }

  delete(id: string): void {
    this.#database.sqlite.prepare('DELETE FROM tasks WHERE id = ?').run(id);
  }
}

/** What few tasks have, and what a later version knows. */
function otherFields(task: Task): Record<string, unknown> {
  return Object.fromEntries(Object.entries(task).filter(([key]) => !columns.has(key)));
}

function fromRow(row: TaskRow, dependsOn: string[]): Task {
  return {
    ...(JSON.parse(row.extra) as Record<string, unknown>),
    id: row.id,
    title: row.title,
    body: row.body,
    status: row.status,
    priority: row.priority,
    labels: JSON.parse(row.labels) as string[],
    dependsOn,
    parent: row.parent,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    closedAt: row.closed_at,
  };
}
