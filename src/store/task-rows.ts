import type Sqlite from 'better-sqlite3';
import { plainTask, type Task, type TaskView } from '../domain/task.ts';
import { noNeighbours } from '../ports/neighbours.ts';
import type { Database } from './database.ts';
import { OutsideTasks } from './outside-tasks.ts';
import {
  type LinkRow,
  type NoteRow,
  otherFields,
  type PlainRow,
  selectTasks,
  type TaskRow,
  taskFromRow,
  viewFromRow,
  withNotes,
} from './task-row.ts';

const put = `INSERT INTO tasks (id, title, body, status, priority, labels, parent, created_at, updated_at, closed_at, assignee,
    claimed_at, extra)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET title = excluded.title, body = excluded.body, status = excluded.status,
    priority = excluded.priority, labels = excluded.labels, parent = excluded.parent,
    created_at = excluded.created_at, updated_at = excluded.updated_at, closed_at = excluded.closed_at,
    assignee = excluded.assignee, claimed_at = excluded.claimed_at, extra = excluded.extra`;
const insertEdge = 'INSERT INTO task_dependencies (task, depends_on, position) VALUES (?, ?, ?)';
const insertLink = 'INSERT INTO task_links (task, kind, other, position) VALUES (?, ?, ?, ?)';
const insertNote = 'INSERT OR IGNORE INTO task_notes (task, kind, at, entry) VALUES (?, ?, ?, ?)';
const insertWords = "INSERT INTO task_words (rowid, id, title, body, labels, comments) VALUES (?, ?, ?, ?, ?, '')";

/** Ids that an ambiguous one can mean: enough for the message. */
const MEANT_MAX = 6;

/** The index of words of so many new tasks is put in order at once: else one of the next `task add` has to, which then writes megabytes. */
const MANY_WORDS = 1_000;

/** Tasks as rows: found, read and written whole. To be called inside a transaction of the caller. */
export class TaskRows {
  readonly #database: Database;
  readonly #outside: OutsideTasks;

  constructor(database: Database, outside = new OutsideTasks(noNeighbours)) {
    this.#database = database;
    this.#outside = outside;
  }

  /** Asked each time: a database that was restored is opened anew. */
  get #sqlite(): Sqlite.Database {
    return this.#database.sqlite;
  }

  /** Every task with its comments and history, by id. Each table is read once: quicker than to look into it for each task. */
  all(): Task[] {
    const by = <Row extends { task: string }>(sql: string) =>
      Map.groupBy(this.#sqlite.prepare(sql).all() as Row[], ({ task }) => task);
    const edges = by<{ task: string; id: string }>(
      'SELECT task, depends_on AS id FROM task_dependencies ORDER BY task, position',
    );
    const links = by<LinkRow>('SELECT task, kind, other FROM task_links ORDER BY task, kind, position');
    const notes = by<NoteRow>('SELECT task, kind, entry FROM task_notes ORDER BY task, kind, at, entry');
    return (this.#sqlite.prepare('SELECT * FROM tasks ORDER BY id').all() as PlainRow[]).map((row) => {
      const dependsOn = edges.get(row.id)?.map(({ id }) => id) ?? [];
      return withNotes(taskFromRow(row, dependsOn, links.get(row.id) ?? []), notes.get(row.id) ?? []);
    });
  }

  /** The task with its comments and history. */
  get(id: string): Task | null {
    const [task] = this.views('WHERE t.id = @id', { id });
    return task === undefined ? null : withNotes(plainTask(task), this.notes(id));
  }

  notes(id: string): NoteRow[] {
    const sql = 'SELECT task, kind, entry FROM task_notes WHERE task = ? ORDER BY kind, at, entry';
    return this.#sqlite.prepare(sql).all(id) as NoteRow[];
  }

  view(id: string): TaskView | null {
    return this.views('WHERE t.id = @id', { id })[0] ?? null;
  }

  /** `rest` follows the selection of tasks `t`: a condition, an order, a limit. */
  views(rest: string, values: Record<string, unknown> = {}): TaskView[] {
    const rows = this.#sqlite.prepare(`${selectTasks} ${rest}`).all(values) as TaskRow[];
    return rows.map((row) => viewFromRow(row, (id) => this.#outside.words(id)));
  }

  has(id: string): boolean {
    return this.#sqlite.prepare('SELECT 1 FROM tasks WHERE id = ?').get(id) !== undefined;
  }

  /**
   * The ids that a person can mean: the whole id, or the beginning of it with or without the project's prefix, or the end
   * of it. Several: some of them, so that the message can name them.
   */
  find(typed: string, prefix: string): string[] {
    const wanted = typed.trim().toLowerCase();
    if (wanted === '') return [];
    const sqlite = this.#sqlite;
    const full = `${prefix}-${wanted}`;
    const exact = sqlite.prepare('SELECT id FROM tasks WHERE id IN (?, ?) ORDER BY id <> ?').pluck();
    const [found] = exact.all(wanted, full, wanted) as string[];
    if (found !== undefined) return [found];
    const from = sqlite.prepare('SELECT id FROM tasks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?').pluck();
    const beginning = [wanted, full].flatMap((start) => from.all(start, `${start}\u{10ffff}`, MEANT_MAX) as string[]);
    if (beginning.length > 0) return [...new Set(beginning)];
    const ending = sqlite.prepare('SELECT id FROM tasks WHERE substr(id, -length(@end)) = @end ORDER BY id LIMIT @max');
    return ending.pluck().all({ end: wanted, max: MEANT_MAX }) as string[];
  }

  dependsOn(id: string): string[] {
    const sql = 'SELECT depends_on FROM task_dependencies WHERE task = ? ORDER BY position';
    return this.#sqlite.prepare(sql).pluck().all(id) as string[];
  }

  /** What it waits for, also a task of another project. */
  behind(id: string): readonly string[] {
    return this.has(id) ? this.dependsOn(id) : this.#outside.dependsOn(id);
  }

  parent(id: string): string | null {
    return (this.#sqlite.prepare('SELECT parent FROM tasks WHERE id = ?').pluck().get(id) as string | null) ?? null;
  }

  /** Of every task that has one. */
  parents(): [id: string, parent: string][] {
    const sql = 'SELECT id, parent FROM tasks WHERE parent IS NOT NULL';
    return this.#sqlite.prepare(sql).raw().all() as [string, string][];
  }

  /** Of every task. */
  ids(): string[] {
    return this.#sqlite.prepare('SELECT id FROM tasks ORDER BY id').pluck().all() as string[];
  }

  /** Every task with what it depends on. */
  edges(): Pick<Task, 'id' | 'dependsOn'>[] {
    const rows = this.#sqlite
      .prepare('SELECT id, depends_on FROM tasks LEFT JOIN task_dependencies ON task = id ORDER BY id, position')
      .raw()
      .all() as [id: string, dependsOn: string | null][];
    const tasks = new Map<string, string[]>();
    for (const [id, dependsOn] of rows) {
      if (!tasks.has(id)) tasks.set(id, []);
      if (dependsOn !== null) tasks.get(id)?.push(dependsOn);
    }
    return [...tasks].map(([id, dependsOn]) => ({ id, dependsOn }));
  }

  /** Comments and history are added to those that are there. */
  put(task: Task): void {
    const isNew = !this.has(task.id);
    this.#putRow(task);
    if (isNew) this.#putWords(task);
    else {
      this.#run('DELETE FROM task_dependencies WHERE task = ?', task.id);
      this.#run('DELETE FROM task_links WHERE task = ?', task.id);
    }
    this.#putLinks(task);
    this.#putNotes(task);
  }

  /** Tasks that are not there yet; table by table, which takes half as long as task by task when they are many. */
  putNew(tasks: readonly Task[]): void {
    for (const task of tasks) this.#putRow(task);
    for (const task of tasks) this.#putWords(task);
    for (const task of tasks) this.#putLinks(task);
    for (const task of tasks) this.#putNotes(task);
  }

  /** After `count` tasks were put in one transaction. */
  settleWords(count: number): void {
    if (count >= MANY_WORDS) this.#run("INSERT INTO task_words (task_words) VALUES ('optimize')");
  }

  #putRow(task: Task): void {
    const { id, title, body, status, priority, parent, createdAt, updatedAt, closedAt } = task;
    this.#run(
      put,
      ...[id, title, body, status, priority, JSON.stringify(task.labels), parent, createdAt, updatedAt, closedAt],
      ...[task.assignee ?? null, task.claimedAt ?? null, otherFields(task)],
    );
  }

  #putWords({ id, title, body, labels }: Task): void {
    const { lastInsertRowid } = this.#run('INSERT INTO task_numbers (task) VALUES (?)', id);
    this.#run(insertWords, lastInsertRowid, id, title, body, JSON.stringify(labels));
  }

  #putLinks({ id, dependsOn, related, discoveredFrom }: Task): void {
    for (const [position, other] of [...new Set(dependsOn)].entries()) this.#run(insertEdge, id, other, position);
    for (const [position, other] of [...new Set(related)].entries())
      this.#run(insertLink, id, 'related', other, position);
    if (discoveredFrom !== undefined) this.#run(insertLink, id, 'discoveredFrom', discoveredFrom, 0);
  }

  #putNotes(task: Task): void {
    for (const kind of ['comments', 'history'] as const) {
      for (const entry of task[kind] ?? []) this.#run(insertNote, task.id, kind, entry.at, JSON.stringify(entry));
    }
  }

  #run(sql: string, ...values: unknown[]): Sqlite.RunResult {
    return this.#sqlite.prepare(sql).run(...values);
  }

  delete(id: string): void {
    this.#sqlite.prepare('DELETE FROM tasks WHERE id = ?').run(id);
  }
}
