import type { OwnBatch } from '../ports/batches.ts';
import type { OwnBatchRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

/** Batches from when each project had its own, until they were handed over. */
export class OwnBatches implements OwnBatchRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): OwnBatch[] {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const sql = 'SELECT name, created_at AS createdAt FROM batches ORDER BY created_at, name';
      const tasksOf = sqlite.prepare('SELECT task FROM batch_tasks WHERE batch = ? ORDER BY position').pluck();
      return (sqlite.prepare(sql).all() as Omit<OwnBatch, 'tasks'>[]).map((batch) => ({
        ...batch,
        tasks: tasksOf.all(batch.name) as string[],
      }));
    });
  }

  handOver(names: ReadonlyMap<string, string>): void {
    this.#database.write(() => {
      const { sqlite } = this.#database;
      for (const [name, now] of names) {
        sqlite.prepare("UPDATE grants SET name = ? WHERE scope = 'batch' AND name = ?").run(now, name);
        sqlite.prepare('DELETE FROM batch_tasks WHERE batch = ?').run(name);
        sqlite.prepare('DELETE FROM batches WHERE name = ?').run(name);
      }
    });
  }
}
