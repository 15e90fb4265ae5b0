import type { UsageEntry } from '../domain/usage.ts';
import type { RunUsage, UsageRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

interface UsageRow {
  run: string;
  conversation: string;
  key: string;
  model: string;
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  usd: number | null;
  at: number;
}

/** What agents used, a row a model call: the same call told twice is one row. */
export class Usage implements UsageRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(run: string, conversation: string, { key, model, tokens, usd, at }: UsageEntry): boolean {
    const changed = () =>
      this.#database.sqlite
        .prepare(
          `INSERT INTO usage (run, conversation, key, model, input, output, cache_read, cache_write, usd, at)
           VALUES (@run, @conversation, @key, @model, @input, @output, @cacheRead, @cacheWrite, @usd, @at)
           ON CONFLICT (conversation, key, model) DO UPDATE SET input = excluded.input, output = excluded.output,
             cache_read = excluded.cache_read, cache_write = excluded.cache_write, usd = excluded.usd
           WHERE (input, output, cache_read, cache_write, usd) IS NOT
             (excluded.input, excluded.output, excluded.cache_read, excluded.cache_write, excluded.usd)`,
        )
        .run({ run, conversation, key, model, ...tokens, usd, at }).changes;
    return this.#database.write(changed) > 0;
  }

  list(): RunUsage[] {
    const rows = this.#database.read(() => this.#database.sqlite.prepare('SELECT * FROM usage').all() as UsageRow[]);
    return rows.map((row) => ({
      run: row.run,
      conversation: row.conversation,
      key: row.key,
      model: row.model,
      tokens: { input: row.input, output: row.output, cacheRead: row.cache_read, cacheWrite: row.cache_write },
      usd: row.usd,
      at: row.at,
    }));
  }
}
