import { ForgeError } from '../base/errors.ts';
import {
  commentTextSchema,
  plainTask,
  type Task,
  type TaskDraft,
  type TaskPatch,
  type TaskView,
  taskDraftSchema,
  taskPatchSchema,
  whyNotReady,
} from '../domain/task.ts';
import { changesBetween } from '../domain/task-changes.ts';
import type { TaskQuery } from '../domain/task-query.ts';
import { fieldsOf, type TaskChanged } from '../domain/task-step.ts';
import type { TaskDetails, TaskPage, TaskRepository } from '../ports/store.ts';
import { bareTask } from './bare-task.ts';
import { editedTask, patchedTask, taskBefore, withVariables } from './changed-task.ts';
import { findIds } from './find-id.ts';
import { foundChanges } from './found-changes.ts';
import { meantTask } from './meant-task.ts';
import { mintTaskId } from './mint-task-id.ts';
import { taskQuerySql } from './task-query-sql.ts';
import { byUrgencySql, isReadySql } from './task-row.ts';
import type { TaskStoreInput } from './task-store-input.ts';
import { matchOf } from './task-words.ts';

/** How much a word counts by where it is: id, title, body, labels, comments. */
const WEIGHTS = '8, 8, 2, 4, 1';

const isNotRunningSql = 'NOT EXISTS (SELECT 1 FROM runs r WHERE r.task = t.id AND r.is_live = 1)';

/** How many tasks one look shows: more than anybody reads, few enough to be read anew with each change. */
const SHOWN_MAX = { open: 1_000, closed: 200, runs: 500 };
const shownIdsSql = `SELECT id FROM (SELECT id FROM tasks WHERE status = 'open' ORDER BY priority, created_at, id LIMIT @open)
  UNION SELECT id FROM (SELECT id FROM tasks WHERE status = 'closed' ORDER BY closed_at DESC LIMIT @closed)
  UNION SELECT task FROM (SELECT task FROM runs ORDER BY is_live DESC, created_at DESC LIMIT @runs)`;

/** The task graph in SQLite. Every change is one transaction, in which what it needs to know is read, checked and written. */
export class Tasks implements TaskRepository {
  #input: TaskStoreInput;
  #isTogether = false;

  constructor(input: TaskStoreInput) {
    this.#input = input;
  }

  add(draft: TaskDraft): TaskView {
    const { env, ...given } = parse(taskDraftSchema, draft);
    const { database, prefix } = this.#input;
    return this.#write(() => {
      const task = bareTask(mintTaskId(database, prefix), given.title, this.#input.clock());
      const added = withVariables(patchedTask(this.#input, task, given), env);
      this.#put(added, {});
      this.#input.steps.note({ task: task.id, title: added.title, before: null, after: fieldsOf(added) });
      return task.id;
    });
  }

  edit(id: string, patch: TaskPatch): TaskView {
    const given = parse(taskPatchSchema, patch);
    return this.#change(id, (task) => editedTask(this.#input, task, given));
  }

  editMany(query: TaskQuery, patch: TaskPatch): TaskView[] {
    const given = parse(taskPatchSchema, patch);
    return this.#writeMany(() =>
      this.#selected(query, {}).map(({ id }) => this.#store(id, (task) => editedTask(this.#input, task, given))),
    );
  }

  comment(id: string, text: string): TaskView {
    const said = parse(commentTextSchema, text);
    return this.#write(() => {
      const task = this.#stored(this.#known(id));
      const at = this.#touch(task);
      this.#input.rows.put({ ...task, updatedAt: at, comments: [{ at, by: this.#input.actor, text: said }] });
      return task.id;
    });
  }

  claim(worker: string, id: string | null): TaskView | null {
    const { rows, clock } = this.#input;
    const isFree = `${isReadySql} AND (t.assignee IS NULL OR t.assignee = @worker) AND ${isNotRunningSql}`;
    return (
      this.#writeMany(() => {
        const values = { worker, id: id === null ? null : this.#known(id) };
        const [task] = rows.views(
          `WHERE (@id IS NULL OR t.id = @id) AND ${isFree} ORDER BY ${byUrgencySql} LIMIT 1`,
          values,
        );
        if (task === undefined) {
          if (values.id !== null)
            throw new ForgeError('task.claimed', `${values.id} is not free: ${this.#why(values.id)}.`);
          return [];
        }
        return [this.#store(task.id, (free) => ({ ...free, assignee: worker, claimedAt: clock() }))];
      })[0] ?? null
    );
  }

  release(id: string): TaskView {
    return this.#change(id, ({ claimedAt, assignee, ...task }) =>
      claimedAt === undefined ? ({ ...task, assignee } as Task) : (task as Task),
    );
  }

  get(id: string): TaskView {
    return this.#read(() => this.#stored(this.#known(id)));
  }

  find(id: string): TaskView | null {
    return this.#read(() => this.#input.rows.view(id));
  }

  details(typed: string): TaskDetails {
    const { database, rows } = this.#input;
    return this.#read(() => {
      const id = this.#known(typed);
      const ids = (sql: string) => database.sqlite.prepare(sql).pluck().all(id) as string[];
      const { comments = [], history = [] } = rows.get(id) as Task;
      return {
        ...this.#stored(id),
        comments,
        history: [...history, ...foundChanges(database, id)].sort((a, b) => a.at - b.at),
        blocks: ids('SELECT task FROM task_dependencies WHERE depends_on = ? ORDER BY task'),
        children: ids('SELECT id FROM tasks WHERE parent = ? ORDER BY id'),
        relatedFrom: ids("SELECT task FROM task_links WHERE other = ? AND kind = 'related' ORDER BY task"),
        discovered: ids("SELECT task FROM task_links WHERE other = ? AND kind = 'discoveredFrom' ORDER BY task"),
      };
    });
  }

  list(): TaskView[] {
    return this.#read(() => this.#input.rows.views('ORDER BY t.created_at, t.id'));
  }

  count(): number {
    return this.#read(() => this.#input.database.sqlite.prepare('SELECT count(*) FROM tasks').pluck().get() as number);
  }

  countOpen(): number {
    const sql = "SELECT count(*) FROM tasks WHERE status = 'open'";
    return this.#read(() => this.#input.database.sqlite.prepare(sql).pluck().get() as number);
  }

  shown(): TaskView[] {
    return this.#read(() => this.#input.rows.views(`WHERE t.id IN (${shownIdsSql})`, { ...SHOWN_MAX }));
  }

  select(query: TaskQuery, page: TaskPage = {}): TaskView[] {
    return this.#read(() => this.#selected(query, page));
  }

  search(words: string, { limit, isAll }: { limit: number; isAll: boolean }): TaskView[] {
    return this.#read(() =>
      this.#input.rows.views(
        `JOIN task_numbers n ON n.task = t.id JOIN task_words w ON w.rowid = n.number
         WHERE task_words MATCH @match ${isAll ? '' : "AND t.status = 'open'"}
         ORDER BY bm25(task_words, ${WEIGHTS}), t.id LIMIT @limit`,
        { match: matchOf(words), limit },
      ),
    );
  }

  ready({ limit = -1, isIdle = false }: { limit?: number; isIdle?: boolean } = {}): TaskView[] {
    const idle = isIdle ? `AND ${isNotRunningSql}` : '';
    return this.#read(() =>
      this.#input.rows.views(`WHERE ${isReadySql} ${idle} ORDER BY ${byUrgencySql} LIMIT @limit`, { limit }),
    );
  }

  close(id: string): TaskView {
    return this.#change(id, ({ claimedAt: _, ...task }) => ({ ...task, status: 'closed' }) as Task);
  }

  reopen(id: string): TaskView {
    return this.#change(id, (task) => ({ ...task, status: 'open' }));
  }

  addDependency(id: string, dependsOn: string): TaskView {
    return this.#change(id, (task) => patchedTask(this.#input, task, { dependsOn: [...task.dependsOn, dependsOn] }));
  }

  removeDependency(id: string, dependsOn: string): TaskView {
    return this.#change(id, (task) => {
      // What it depends on may be gone from the graph: look among its own dependencies first.
      const [other, ...more] = findIds(task.dependsOn, this.#input.prefix, dependsOn);
      if (other === undefined || more.length > 0) {
        throw new ForgeError('task.missing', `${task.id} does not depend on ${dependsOn}`, {
          next: `See what it waits for: forge task show ${task.id}`,
        });
      }
      return { ...task, dependsOn: task.dependsOn.filter((known) => known !== other) };
    });
  }

  together<T>(act: () => T): T {
    this.#isTogether = true;
    try {
      return this.#input.database.write(act);
    } finally {
      this.#isTogether = false;
      this.#input.changed();
    }
  }

  step<T>(act: () => T): T {
    return this.together(() => this.#input.steps.record(act));
  }

  takeBack(changes: readonly TaskChanged[]): TaskView[] {
    return this.#writeMany(() =>
      changes.map((change) => this.#store(change.task, (task) => taskBefore(this.#input, task, change))),
    );
  }

  #read<T>(act: () => T): T {
    return this.#input.database.read(act);
  }

  #writeMany(make: () => string[]): TaskView[] {
    const { database, changed } = this.#input;
    const result = database.write(() => make().map((id) => this.#stored(id)));
    if (!this.#isTogether) changed();
    return result;
  }

  #write(make: () => string): TaskView {
    return this.#writeMany(() => [make()])[0] as TaskView;
  }

  #change(id: string, make: (task: Task) => Task): TaskView {
    return this.#write(() => this.#store(this.#known(id), make));
  }

  /** Stores what `make` makes of the task, and says so in its history, if it is another one. Returns the id. */
  #store(id: string, make: (task: Task) => Task): string {
    const task = plainTask(this.#stored(id));
    const made = make(task);
    const changes = changesBetween(task, made);
    if (Object.keys(changes).length === 0) return id;
    const updatedAt = this.#touch(task);
    const isClosed = made.status === 'closed';
    const closedAt = isClosed ? (task.status === 'closed' ? task.closedAt : updatedAt) : null;
    this.#put({ ...made, updatedAt, closedAt }, changes);
    const fields = Object.keys(changes);
    this.#input.steps.note({
      ...{ task: id, title: made.title, before: fieldsOf(task, fields), after: fieldsOf(made, fields) },
    });
    return id;
  }

  #put(task: Task, changes: Record<string, [unknown, unknown]>): void {
    this.#input.rows.put({ ...task, history: [{ at: task.updatedAt, by: this.#input.actor, changes }] });
  }

  /** A clock that was set back must not make an edit look older than what it edits. */
  #touch(task: Task): number {
    return Math.max(this.#input.clock(), task.updatedAt);
  }

  #selected(query: TaskQuery, { limit = -1, offset = 0 }: TaskPage): TaskView[] {
    const { where, values } = taskQuerySql(query);
    return this.#input.rows.views(`WHERE ${where} ORDER BY ${byUrgencySql} LIMIT @limit OFFSET @offset`, {
      ...{ ...values, limit, offset },
    });
  }

  #stored(id: string): TaskView {
    return this.#input.rows.view(id) as TaskView;
  }

  #known(id: string): string {
    return meantTask(this.#input, id);
  }

  #why(id: string): string {
    const task = this.#stored(id);
    if (task.isReady) return task.assignee === undefined ? 'a run has it' : `it is ${task.assignee}'s`;
    return whyNotReady(task);
  }
}

function parse<T>(schema: { safeParse(value: unknown): SafeResult<T> }, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ForgeError('usage.invalid', `${issue.path.join('.') || 'task'}: ${issue.message}`);
}

type SafeResult<T> =
  | { success: true; data: T }
  | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
