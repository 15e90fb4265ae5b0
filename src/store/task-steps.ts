import type { BatchChanged, TaskChanged, TaskStep } from '../domain/task-step.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskStepRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

/** Of one person: more than anybody takes back one by one. */
const STEPS_MAX = 50;

/** What each person did to tasks last. */
export class TaskSteps implements TaskStepRepository {
  readonly #database: Database;
  /** Null: no person, and what is done is not kept. */
  readonly #person: string | null;
  readonly #clock: Clock;
  #noted: TaskChanged[] | null = null;

  constructor(database: Database, person: string | null, clock: Clock) {
    this.#database = database;
    this.#person = person;
    this.#clock = clock;
  }

  /** In the transaction of the caller: what is noted meanwhile is one step. */
  record<T>(act: () => T): T {
    this.#noted = [];
    try {
      const result = act();
      if (this.#noted.length > 0) this.#insert(this.#noted);
      return result;
    } finally {
      this.#noted = null;
    }
  }

  note(change: TaskChanged): void {
    this.#noted?.push(change);
  }

  add(change: BatchChanged): void {
    if (change.members.length > 0) this.#database.write(() => this.#insert(change));
  }

  newest(isTakenBack: boolean): TaskStep | null {
    // Each one goes back beyond the one that was taken back before it.
    const order = isTakenBack ? 'ASC' : 'DESC';
    const sql = `SELECT id, at, changes FROM task_steps WHERE actor = ? AND is_taken_back = ? ORDER BY id ${order} LIMIT 1`;
    const row = this.#database.read(() => this.#database.sqlite.prepare(sql).get(this.#person, Number(isTakenBack)));
    if (row === undefined) return null;
    const { id, at, changes } = row as { id: number; at: number; changes: string };
    return { id, at, changes: JSON.parse(changes) as TaskStep['changes'] };
  }

  mark(id: number, isTakenBack: boolean): boolean {
    const sql = 'UPDATE task_steps SET is_taken_back = @to WHERE id = @id AND is_taken_back <> @to';
    const values = { id, to: Number(isTakenBack) };
    return this.#database.write(() => this.#database.sqlite.prepare(sql).run(values).changes > 0);
  }

  #insert(changes: TaskStep['changes']): void {
    if (this.#person === null) return;
    const { sqlite } = this.#database;
    sqlite.prepare('DELETE FROM task_steps WHERE actor = ? AND is_taken_back = 1').run(this.#person);
    const insert = sqlite.prepare('INSERT INTO task_steps (actor, at, changes) VALUES (?, ?, ?)');
    insert.run(this.#person, this.#clock(), JSON.stringify(changes));
    const newest = 'SELECT id FROM task_steps WHERE actor = @actor ORDER BY id DESC LIMIT @max';
    const forget = sqlite.prepare(`DELETE FROM task_steps WHERE actor = @actor AND id NOT IN (${newest})`);
    forget.run({ actor: this.#person, max: STEPS_MAX });
  }
}
