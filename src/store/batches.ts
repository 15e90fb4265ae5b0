import { ForgeError } from '../base/errors.ts';
import type { Batch } from '../domain/batch.ts';
import type { Clock } from '../ports/clock.ts';
import type { BatchRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

/** Named sets of tasks, in SQLite alone: `tasks.jsonl` does not have them. */
export class Batches implements BatchRepository {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  create(name: string): Batch {
    return this.#database.write(() => {
      const sql = 'INSERT OR IGNORE INTO batches (name, created_at) VALUES (?, ?)';
      const { changes } = this.#database.sqlite.prepare(sql).run(name, this.#clock());
      if (changes === 0) throw new ForgeError('batch.exists', `There is a batch ${name} already.`);
      return this.get(name);
    });
  }

  add(name: string, tasks: readonly string[]): Batch {
    return this.#database.write(() => {
      this.get(name);
      const insert = this.#database.sqlite.prepare('INSERT OR IGNORE INTO batch_tasks (task, batch) VALUES (?, ?)');
      for (const task of tasks) {
        insert.run(task, name);
        const present = this.of(task);
        if (present !== name) throw new ForgeError('batch.taken', `${task} is in the batch ${present}.`);
      }
      return this.get(name);
    });
  }

  remove(name: string, tasks: readonly string[]): Batch {
    return this.#database.write(() => {
      this.get(name);
      const remove = this.#database.sqlite.prepare('DELETE FROM batch_tasks WHERE task = ? AND batch = ?');
      for (const task of tasks) remove.run(task, name);
      return this.get(name);
    });
  }

  get(name: string): Batch {
    const batch = this.list().find((candidate) => candidate.name === name);
    if (batch) return batch;
    throw new ForgeError('batch.missing', `There is no batch ${name}.`);
  }

  list(): Batch[] {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const batches = sqlite
        .prepare('SELECT name, created_at AS createdAt FROM batches ORDER BY created_at, name')
        .all();
      const tasksOf = sqlite.prepare('SELECT task FROM batch_tasks WHERE batch = ? ORDER BY position').pluck();
      return (batches as Omit<Batch, 'tasks'>[]).map((batch) => ({
        ...batch,
        tasks: tasksOf.all(batch.name) as string[],
      }));
    });
  }

  of(task: string): string | null {
    const sql = 'SELECT batch FROM batch_tasks WHERE task = ?';
    const found = this.#database.read(() => this.#database.sqlite.prepare(sql).pluck().get(task));
    return (found as string | undefined) ?? null;
  }
}
