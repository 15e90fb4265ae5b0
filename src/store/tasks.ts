import { ForgeError } from '../base/errors.ts';
import { prefixOf } from '../domain/id-prefix.ts';
import { refuseSecrets } from '../domain/secrets.ts';
import {
  commentTextSchema,
  type Task,
  type TaskDraft,
  type TaskPatch,
  type TaskView,
  taskDraftSchema,
  taskPatchSchema,
  whyNotReady,
} from '../domain/task.ts';
import { changesBetween } from '../domain/task-changes.ts';
import { findCycle } from '../domain/task-graph.ts';
import type { TaskQuery } from '../domain/task-query.ts';
import { fieldsOf, type TaskChanged } from '../domain/task-step.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskDetails, TaskPage, TaskRepository } from '../ports/store.ts';
import type { Database } from './database.ts';
import { findIds } from './find-id.ts';
import { foundChanges } from './found-changes.ts';
import { mintTaskId } from './mint-task-id.ts';
import type { OutsideTasks } from './outside-tasks.ts';
import { taskQuerySql } from './task-query-sql.ts';
import { byUrgencySql, isReadySql } from './task-row.ts';
import type { TaskRows } from './task-rows.ts';
import type { TaskSteps } from './task-steps.ts';
import { matchOf } from './task-words.ts';

/** How much a word counts by where it is: id, title, body, labels, comments. */
const WEIGHTS = '8, 8, 2, 4, 1';

const isNotRunningSql = 'NOT EXISTS (SELECT 1 FROM runs r WHERE r.task = t.id AND r.is_live = 1)';

/** How many tasks one look shows: more than anybody reads, few enough to be read anew with each change. */
const SHOWN_MAX = { open: 1_000, closed: 200, runs: 500 };
const shownIdsSql = `SELECT id FROM (SELECT id FROM tasks WHERE status = 'open' ORDER BY priority, created_at, id LIMIT @open)
  UNION SELECT id FROM (SELECT id FROM tasks WHERE status = 'closed' ORDER BY closed_at DESC LIMIT @closed)
  UNION SELECT task FROM (SELECT task FROM runs ORDER BY is_live DESC, created_at DESC LIMIT @runs)`;

export interface TaskStoreInput {
  database: Database;
  rows: TaskRows;
  outside: OutsideTasks;
  steps: TaskSteps;
  prefix: string;
  clock: Clock;
  /** Who changes tasks here, for their history. */
  actor: string;
  /** Called after each change is committed. */
  changed: () => void;
}

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
      const now = this.#input.clock();
      const task: Task = {
        ...{
          id: mintTaskId(database, prefix),
          title: given.title,
          body: '',
          status: 'open',
          priority: 2,
          labels: [],
          dependsOn: [],
        },
        ...{ parent: null, createdAt: now, updatedAt: now, closedAt: null },
      };
      const added = withVariables(this.#patched(task, given), env);
      this.#put(added, {});
      this.#input.steps.note({ task: task.id, title: added.title, before: null, after: fieldsOf(added) });
      return task.id;
    });
  }

  edit(id: string, patch: TaskPatch): TaskView {
    const given = parse(taskPatchSchema, patch);
    return this.#change(id, (task) => this.#edited(task, given));
  }

  editMany(query: TaskQuery, patch: TaskPatch): TaskView[] {
    const given = parse(taskPatchSchema, patch);
    return this.#writeMany(() =>
      this.#selected(query, {}).map(({ id }) => this.#store(id, (task) => this.#edited(task, given))),
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
    return this.#change(id, (task) => this.#patched(task, { dependsOn: [...task.dependsOn, dependsOn] }));
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
      changes.map((change) => this.#store(change.task, (task) => this.#before(task, change))),
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
    const { blockedBy: _, blockedOutside: __, isReady: ___, ...task } = this.#stored(id);
    const made = make(task as Task);
    const changes = changesBetween(task as Task, made);
    if (Object.keys(changes).length === 0) return id;
    const updatedAt = this.#touch(task as Task);
    const isClosed = made.status === 'closed';
    const closedAt = isClosed ? (task.status === 'closed' ? task.closedAt : updatedAt) : null;
    this.#put({ ...made, updatedAt, closedAt }, changes);
    const fields = Object.keys(changes);
    this.#input.steps.note({
      ...{ task: id, title: made.title, before: fieldsOf(task as Task, fields), after: fieldsOf(made, fields) },
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

  #edited(task: Task, { env, addLabels = [], removeLabels = [], ...patch }: TaskPatch): Task {
    const edited = withVariables(this.#patched(task, patch), env);
    const labels = [...new Set([...edited.labels, ...addLabels])].filter((label) => !removeLabels.includes(label));
    return { ...edited, labels };
  }

  /** The task with the fields of the patch; null takes one away. Ids are made whole, circles refused. */
  #patched(task: Task, patch: Omit<TaskPatch, 'env'>): Task {
    const { dependsOn, parent, related, discoveredFrom, ...plain } = patch;
    const links = {
      ...(dependsOn && { dependsOn: this.#dependencies(task, dependsOn) }),
      ...(parent !== undefined && { parent: parent === null ? null : this.#known(parent) }),
      ...(related && { related: related.length === 0 ? undefined : this.#knownAll(related) }),
      ...(discoveredFrom !== undefined && { discoveredFrom: discoveredFrom && this.#known(discoveredFrom) }),
    };
    const patched = { ...task, ...defined({ ...plain }), ...links } as Record<string, unknown>;
    for (const [key, value] of Object.entries(patched)) {
      if (value === undefined || (value === null && task[key] !== null && key !== 'parent')) delete patched[key];
    }
    const result = patched as Task;
    if (links.dependsOn) this.#refuseCycles(task, result);
    if (links.parent) this.#refuseParentCycle(result);
    return result;
  }

  /** The task as it was; one that was added is closed. Throws `undo.changed` when a field is not what it was changed to. */
  #before(task: Task, { before, after }: TaskChanged): Task {
    const now = fieldsOf(task, Object.keys(after));
    const changed = Object.keys(after).filter((field) => JSON.stringify(now[field]) !== JSON.stringify(after[field]));
    if (changed.length > 0)
      throw new ForgeError('undo.changed', `${task.id} was changed since then: ${changed.join(', ')}.`);
    const result = { ...task, ...(before ?? { status: 'closed' }) } as Record<string, unknown>;
    for (const [field, value] of Object.entries(result)) {
      if (value === null && !isNullable.has(field)) delete result[field];
    }
    this.#refuseCycles(task, result as Task);
    this.#refuseParentCycle(result as Task);
    return result as Task;
  }

  #refuseCycles(before: Task, { id, dependsOn }: Task): void {
    const { rows, database, outside } = this.#input;
    // Also when the way leads into another project, from where it may come back.
    const reaches = database.sqlite.prepare(
      `WITH RECURSIVE behind (id) AS (
         SELECT @from UNION SELECT depends_on FROM task_dependencies JOIN behind ON task = behind.id
       ) SELECT 1 FROM behind b WHERE id = @to OR (substr(id, 1, length(@own)) <> @own
           AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = b.id)) LIMIT 1`,
    );
    const own = `${prefixOf(id) ?? ''}-`;
    for (const dependency of dependsOn) {
      if (before.dependsOn.includes(dependency) || reaches.get({ from: dependency, to: id, own }) === undefined)
        continue;
      outside.holdIn(database);
      const circle = findCycle((task) => rows.behind(task), id, dependency);
      if (circle) throw new ForgeError('task.cycle', `that would be a circle: ${circle.join(' → ')}`);
    }
  }

  #refuseParentCycle({ id, parent }: Task): void {
    if (parent === null) return;
    const upward = (task: string) => [this.#input.rows.parent(task) ?? []].flat();
    const circle = findCycle(upward, id, parent);
    if (circle === null) return;
    throw new ForgeError('task.cycle', `that would be a circle of parents: ${circle.join(' → ')}`, {
      next: 'Choose another parent: forge task edit',
    });
  }

  #stored(id: string): TaskView {
    return this.#input.rows.view(id) as TaskView;
  }

  /** Whole ids of tasks to wait for: of this project, of another one by its prefix, or those that it waits for already. */
  #dependencies(task: Task, typed: readonly string[]): string[] {
    return [...new Set(typed.map((id) => (task.dependsOn.includes(id) ? id : this.#known(id, this.#input.outside))))];
  }

  /** `outside`: or of another project. */
  #known(id: string, outside: OutsideTasks | null = null): string {
    const here = this.#input.rows.find(id, this.#input.prefix);
    const found = here.length === 0 ? (outside?.meant(id) ?? []) : here;
    if (found.length === 1) return found[0] as string;
    const why = outside?.problem(id) ?? null;
    if (found.length === 0)
      throw new ForgeError('task.missing', `there is no task ${id}${why === null ? '' : `: ${why}`}`);
    throw new ForgeError('task.missing', `${id} can mean ${found.slice(0, 5).join(', ')}`, {
      next: 'Give more of the id.',
    });
  }

  #knownAll(ids: string[]): string[] {
    return [...new Set(ids.map((id) => this.#known(id)))];
  }

  #why(id: string): string {
    const task = this.#stored(id);
    if (task.isReady) return task.assignee === undefined ? 'a run has it' : `it is ${task.assignee}'s`;
    return whyNotReady(task);
  }
}

/** A task without them has null there; other fields that it does not have are left out. */
const isNullable: ReadonlySet<string> = new Set(['parent', 'closedAt']);

/** The task with these variables besides its own; null takes one away. Throws `usage.invalid` for a secret. */
function withVariables({ env: known, ...task }: Task, env: TaskPatch['env'] = {}): Task {
  refuseSecrets(env);
  const variables = Object.entries({ ...known, ...env }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return { ...task, ...(variables.length === 0 ? {} : { env: Object.fromEntries(variables) }) } as Task;
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
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
