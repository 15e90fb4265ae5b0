import { ForgeError } from '../base/errors.ts';
import { idPattern } from '../base/ids.ts';
import type { ForeignFile, ForeignTask } from '../domain/exchange/foreign-task.ts';
import { prefixOf } from '../domain/id-prefix.ts';
import { type Task, taskSchema } from '../domain/task.ts';
import { findCycle } from '../domain/task-graph.ts';
import type { TaskImport, TaskImportRepository } from '../ports/store.ts';
import { bareTask } from './bare-task.ts';
import { circlesOf } from './circles-of.ts';
import { isTaken, mintTaskId } from './mint-task-id.ts';
import { parseTaskFile } from './parse-task-file.ts';
import { parentCircle } from './refuse-circles.ts';
import type { TaskStoreInput } from './task-store-input.ts';

/** Problems that one message names. */
const NAMED_MAX = 10;

/** Thrown to undo a dry run. */
class DryRun extends Error {}

/** Tasks from files: all of a file or nothing, and what was imported once is left as it is. */
export class TaskImports implements TaskImportRepository {
  readonly #input: Omit<TaskStoreInput, 'steps'>;

  constructor(input: Omit<TaskStoreInput, 'steps'>) {
    this.#input = input;
  }

  lines(content: string, isDryRun: boolean): TaskImport {
    const { tasks, bad, isConflicted } = parseTaskFile(content);
    refuse(bad.map(({ line, problem }) => `line ${line}: ${problem}`));
    if (isConflicted) refuse(["it has git's conflict markers"]);
    refuse(doubles(tasks.map(({ id }) => id)).map((id) => `${id} is there twice`));
    return this.#import(isDryRun, () => {
      const { rows, database } = this.#input;
      const gone = database.sqlite.prepare('SELECT id FROM tombstones').pluck().all() as string[];
      const known = new Set([...rows.ids(), ...gone]);
      const fresh = tasks.filter(({ id }) => !known.has(id));
      rows.putNew(fresh);
      return { added: fresh.map(({ id }) => id), known: tasks.length - fresh.length, notes: [] };
    });
  }

  foreign(source: string, { tasks, problems: unread, notes: left = [] }: ForeignFile, isDryRun: boolean): TaskImport {
    refuse(unread);
    refuse(doubles(tasks.map(({ key }) => key)).map((key) => `${key} is there twice`));
    const ids = new Map<string, string>();
    // Of a file that is refused nobody ever saw the ids that its tasks would have had.
    const named = (id: string) => tasks.find(({ key }) => ids.get(key) === id)?.key ?? id;
    const act = () => {
      const fresh: ForeignTask[] = [];
      const remember = this.#input.database.sqlite.prepare('INSERT INTO imported_tasks VALUES (?, ?, ?)');
      for (const task of tasks) {
        const known = this.#knownAs(source, task);
        ids.set(task.key, known ?? this.#newId(task));
        if (known !== null) continue;
        fresh.push(task);
        remember.run(source, task.key, ids.get(task.key));
        // The id is taken from here on.
        this.#input.rows.put(bareTask(ids.get(task.key) as string, task.title, 0));
      }
      const notes = [...left];
      const problems: string[] = [];
      const now = this.#input.clock();
      for (const [index, task] of fresh.entries()) {
        const made = this.#taskFrom(task, ids, now - fresh.length + index, notes);
        const parsed = taskSchema.safeParse(made);
        if (parsed.success) this.#input.rows.put(parsed.data);
        else
          problems.push(
            `line ${task.line}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
          );
      }
      refuse(problems);
      return { added: fresh.map(({ key }) => ids.get(key) as string), known: tasks.length - fresh.length, notes };
    };
    return this.#import(isDryRun, act, named);
  }

  /** `named`: what a person calls the task of an id. */
  #import(isDryRun: boolean, act: () => TaskImport, named = (id: string) => id): TaskImport {
    const { database, changed } = this.#input;
    let result: TaskImport | undefined;
    try {
      database.write(() => {
        result = act();
        this.#refuseCircles(new Set(result.added), named);
        this.#input.rows.settleWords(result.added.length);
        if (isDryRun) throw new DryRun();
      });
    } catch (failure) {
      if (!(failure instanceof DryRun)) throw failure;
    }
    if (!isDryRun) changed();
    return result as TaskImport;
  }

  #taskFrom(task: ForeignTask, ids: ReadonlyMap<string, string>, at: number, notes: string[]): Task {
    const found = (key: string, relation: string) => {
      const id = ids.get(key) ?? (this.#isKnown(key) ? key : undefined);
      if (id === undefined) notes.push(`line ${task.line}: ${relation} ${key} is not there; left out`);
      return id === undefined ? [] : [id];
    };
    const related = task.related.flatMap((key) => found(key, 'related'));
    const [discoveredFrom] = task.discoveredFrom === null ? [] : found(task.discoveredFrom, 'discovered from');
    const [parent = null] = task.parent === null ? [] : found(task.parent, 'parent');
    const { createdAt = at, updatedAt = createdAt, closedAt, comments = [], ...fields } = task.fields;
    return {
      ...bareTask(ids.get(task.key) as string, task.title, 0),
      ...fields,
      status: task.isClosed ? 'closed' : 'open',
      dependsOn: task.dependsOn.flatMap((key) => (this.#isOutside(key, ids) ? [key] : found(key, 'depends on'))),
      parent,
      ...(related.length > 0 && { related }),
      ...(discoveredFrom !== undefined && { discoveredFrom }),
      createdAt,
      updatedAt,
      closedAt: task.isClosed ? (closedAt ?? updatedAt) : null,
      ...(comments.length > 0 && { comments }),
      history: [{ at: this.#input.clock(), by: this.#input.actor, changes: {} }],
    } as Task;
  }

  /** The id of the task that this one became, in an import before or because the file names a task of ours. */
  #knownAs(source: string, { key, id }: ForeignTask): string | null {
    const sql = 'SELECT task FROM imported_tasks WHERE source = ? AND key = ?';
    const known = this.#input.database.sqlite.prepare(sql).pluck().get(source, key) as string | undefined;
    return known ?? (id !== null && this.#isKnown(id) ? id : null);
  }

  /** Its own id, where that can be one here. */
  #newId({ id }: ForeignTask): string {
    const { database, prefix } = this.#input;
    return id !== null && idPattern.test(id) && /^[a-z][a-z0-9]*-./.test(id) ? id : mintTaskId(database, prefix);
  }

  #isKnown(id: string): boolean {
    return isTaken(this.#input.database, id);
  }

  /** A task of another project, which one of these can wait for. */
  #isOutside(key: string, ids: ReadonlyMap<string, string>): boolean {
    return !ids.has(key) && !this.#isKnown(key) && this.#input.outside.meant(key).includes(key);
  }

  #refuseCircles(added: ReadonlySet<string>, named: (id: string) => string): void {
    const { rows } = this.#input;
    const edges = rows.edges();
    const circle = circlesOf(edges).find((ids) => ids.some((id) => added.has(id)));
    if (circle) refuseCircle('These wait for each other', circle, named);
    this.#refuseCirclesOutside(
      edges.filter(({ id }) => added.has(id)),
      named,
    );
    const safe = new Set<string>();
    for (const [id, parent] of rows.parents()) {
      if (!added.has(id) || safe.has(parent)) continue;
      const upward = parentCircle(rows, id, parent);
      if (upward) refuseCircle('These are parts of each other', upward, named);
      safe.add(id);
    }
  }

  /** Those that go through other projects and come back. */
  #refuseCirclesOutside(added: readonly Pick<Task, 'id' | 'dependsOn'>[], named: (id: string) => string): void {
    const { rows, database, outside } = this.#input;
    for (const { id, dependsOn } of added) {
      const away = dependsOn.filter((other) => prefixOf(other) !== prefixOf(id) && !rows.has(other));
      if (away.length > 0) outside.holdIn(database);
      const circle = away.map((other) => findCycle((task) => rows.behind(task), id, other)).find((found) => found);
      if (circle) refuseCircle('These wait for each other', circle, named);
    }
  }
}

function refuseCircle(words: string, circle: readonly string[], named: (id: string) => string): never {
  throw new ForgeError('task.cycle', `${words}: ${circle.map(named).join(' → ')}.`, { next: whole });
}

const whole = 'Nothing was imported. Mend the file, then import it again.';

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > NAMED_MAX ? ` and ${problems.length - NAMED_MAX} more` : '';
  throw new ForgeError(
    'import.invalid',
    `The file cannot be imported: ${problems.slice(0, NAMED_MAX).join('; ')}${more}.`,
  );
}

function doubles(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.has(key) || !seen.add(key));
}
