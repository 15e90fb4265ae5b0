import { ForgeError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import { refuseSecrets } from '../domain/secrets.ts';
import { type Task, type TaskDraft, type TaskPatch, type TaskView, taskDraftSchema } from '../domain/task.ts';
import { byUrgency, findCycle, viewTasks } from '../domain/task-graph.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskRepository } from '../ports/store.ts';
import type { Database } from './database.ts';
import { findIds } from './find-id.ts';
import type { TaskRows } from './task-rows.ts';

/** Characters of a new id; a crowded project gets longer ones. */
const ID_LENGTH = 4;
const ID_ATTEMPTS_PER_LENGTH = 8;

export interface TaskStoreInput {
  database: Database;
  rows: TaskRows;
  prefix: string;
  clock: Clock;
  /** Called after each change is committed. */
  changed: () => void;
}

/** The task graph in SQLite. Every change is one transaction in which the graph is read, checked and written. */
export class Tasks implements TaskRepository {
  #input: TaskStoreInput;
  #isTogether = false;

  constructor(input: TaskStoreInput) {
    this.#input = input;
  }

  add(draft: TaskDraft): TaskView {
    const given = parse(taskDraftSchema, draft);
    return this.#change((tasks) => {
      const now = this.#input.clock();
      const task: Task = {
        id: this.#mintId(tasks),
        title: given.title,
        body: given.body ?? '',
        status: 'open',
        priority: given.priority ?? 2,
        labels: given.labels ?? [],
        dependsOn: this.#knownAll(tasks, given.dependsOn ?? []),
        parent: given.parent == null ? null : this.#known(tasks, given.parent).id,
        createdAt: now,
        updatedAt: now,
        closedAt: null,
      };
      return withWishes(task, given);
    });
  }

  edit(id: string, patch: TaskPatch): TaskView {
    const { dependsOn, parent, agent, env, worker, plan, gates, delivery, review, ...plain } = parse(
      taskDraftSchema.partial(),
      patch,
    );
    return this.#change((tasks) => {
      const task = this.#known(tasks, id);
      const edited: Task = { ...task, ...defined(plain) };
      if (dependsOn !== undefined) edited.dependsOn = this.#knownAll(tasks, dependsOn);
      if (parent !== undefined) edited.parent = parent === null ? null : this.#known(tasks, parent).id;
      refuseDependencyCycles(tasks, edited);
      refuseParentCycle(tasks, edited);
      return this.#touched(withWishes(edited, { agent, env, worker, plan, gates, delivery, review }));
    });
  }

  get(id: string): TaskView {
    const tasks = this.#all();
    return view(tasks, this.#known(tasks, id).id);
  }

  list(): TaskView[] {
    return viewTasks(this.#all()).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  }

  ready(): TaskView[] {
    return viewTasks(this.#all())
      .filter((task) => task.isReady)
      .sort(byUrgency);
  }

  close(id: string): TaskView {
    return this.#change((tasks) => {
      const task = this.#known(tasks, id);
      if (task.status === 'closed') return task;
      const closed = this.#touched({ ...task, status: 'closed' });
      return { ...closed, closedAt: closed.updatedAt };
    });
  }

  reopen(id: string): TaskView {
    return this.#change((tasks) => {
      const task = this.#known(tasks, id);
      return task.status === 'open' ? task : this.#touched({ ...task, status: 'open', closedAt: null });
    });
  }

  addDependency(id: string, dependsOn: string): TaskView {
    return this.#change((tasks) => {
      const task = this.#known(tasks, id);
      const other = this.#known(tasks, dependsOn);
      if (task.dependsOn.includes(other.id)) return task;
      const edited = { ...task, dependsOn: [...task.dependsOn, other.id] };
      refuseDependencyCycles(tasks, edited);
      return this.#touched(edited);
    });
  }

  removeDependency(id: string, dependsOn: string): TaskView {
    return this.#change((tasks) => {
      const task = this.#known(tasks, id);
      // What it depends on may be gone from the graph: look among its own dependencies first.
      const [other, ...more] = findIds(task.dependsOn, this.#input.prefix, dependsOn);
      if (other === undefined || more.length > 0) {
        throw new ForgeError('task.missing', `${task.id} does not depend on ${dependsOn}`, {
          next: `See what it waits for: forge task show ${task.id}`,
        });
      }
      return this.#touched({ ...task, dependsOn: task.dependsOn.filter((known) => known !== other) });
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

  #all(): Task[] {
    return this.#input.database.read(() => this.#input.rows.all());
  }

  #change(make: (tasks: Task[]) => Task): TaskView {
    const { database, rows, changed } = this.#input;
    const result = database.write(() => {
      const tasks = rows.all();
      const task = make(tasks);
      // The very object that was read means: nothing to change.
      if (!tasks.includes(task)) rows.put(task);
      return view([...tasks.filter(({ id }) => id !== task.id), task], task.id);
    });
    if (!this.#isTogether) changed();
    return result;
  }

  /** A clock that was set back must not make an edit look older than what it edits. */
  #touched(task: Task): Task {
    return { ...task, updatedAt: Math.max(this.#input.clock(), task.updatedAt) };
  }

  #known(tasks: Task[], id: string): Task {
    const found = findIds(
      tasks.map((task) => task.id),
      this.#input.prefix,
      id,
    );
    if (found.length === 1) return tasks.find((task) => task.id === found[0])!;
    if (found.length === 0) throw new ForgeError('task.missing', `there is no task ${id}`);
    throw new ForgeError('task.missing', `${id} can mean ${found.slice(0, 5).join(', ')}`, {
      next: 'Give more of the id.',
    });
  }

  #knownAll(tasks: Task[], ids: string[]): string[] {
    return [...new Set(ids.map((id) => this.#known(tasks, id).id))];
  }

  #mintId(tasks: Task[]): string {
    const taken = new Set(tasks.map((task) => task.id));
    for (const { id } of this.#input.database.sqlite.prepare('SELECT id FROM tombstones').all() as { id: string }[]) {
      taken.add(id);
    }
    for (let attempt = 0; ; attempt++) {
      const id = `${this.#input.prefix}-${randomId(ID_LENGTH + Math.floor(attempt / ID_ATTEMPTS_PER_LENGTH))}`;
      if (!taken.has(id)) return id;
    }
  }
}

const wishNames = ['agent', 'worker', 'plan', 'gates', 'delivery', 'review'] as const;

/** The task with what is wished of its agent; a wish that is not there is no field. Throws `usage.invalid` for a secret. */
function withWishes({ env: known, ...task }: Task, { env = {}, ...patch }: TaskPatch): Task {
  refuseSecrets(env);
  const variables = Object.entries({ ...known, ...env }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const wishes = wishNames.map((name) => [name, patch[name] === undefined ? task[name] : patch[name]] as const);
  return {
    ...Object.fromEntries(Object.entries(task).filter(([name]) => !wishNames.some((wish) => wish === name))),
    ...Object.fromEntries(wishes.filter(([, value]) => value != null)),
    ...(variables.length === 0 ? {} : { env: Object.fromEntries(variables) }),
  } as Task;
}

function view(tasks: Task[], id: string): TaskView {
  return viewTasks(tasks).find((task) => task.id === id)!;
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}

function refuseDependencyCycles(tasks: Task[], edited: Task): void {
  for (const dependency of edited.dependsOn) {
    const circle = findCycle(tasks, edited.id, dependency);
    if (circle !== null) throw new ForgeError('task.cycle', `that would be a circle: ${circle.join(' → ')}`);
  }
}

function refuseParentCycle(tasks: Task[], edited: Task): void {
  if (edited.parent === null) return;
  const upward = tasks.map(({ id, parent }) => ({ id, dependsOn: parent === null ? [] : [parent] }));
  const circle = findCycle(upward, edited.id, edited.parent);
  if (circle === null) return;
  throw new ForgeError('task.cycle', `that would be a circle of parents: ${circle.join(' → ')}`, {
    next: 'Choose another parent: forge task edit',
  });
}

function parse<T>(schema: { parse(value: unknown): T; safeParse(value: unknown): SafeResult<T> }, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ForgeError('usage.invalid', `${issue.path.join('.') || 'task'}: ${issue.message}`);
}

type SafeResult<T> =
  | { success: true; data: T }
  | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
