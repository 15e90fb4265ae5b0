import { ForgeError } from '../base/errors.ts';
import type { TaskFilter } from '../domain/task-filter.ts';
import type { TaskFilterRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

/** Queries under names, in SQLite alone: they are a person's, not the project's. */
export class TaskFilters implements TaskFilterRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  save({ name, query }: TaskFilter): void {
    const sql = 'INSERT INTO task_filters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET query = excluded.query';
    this.#database.write(() => this.#database.sqlite.prepare(sql).run(name, query));
  }

  get(name: string): TaskFilter {
    const found = this.list().find((filter) => filter.name === name);
    if (found) return found;
    throw new ForgeError('filter.missing', `There is no filter ${name}.`);
  }

  list(): TaskFilter[] {
    const sql = 'SELECT name, query FROM task_filters ORDER BY name';
    return this.#database.read(() => this.#database.sqlite.prepare(sql).all() as TaskFilter[]);
  }

  remove(name: string): TaskFilter {
    return this.#database.write(() => {
      const filter = this.get(name);
      this.#database.sqlite.prepare('DELETE FROM task_filters WHERE name = ?').run(name);
      return filter;
    });
  }
}
