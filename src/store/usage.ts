import type { UsageEntry, UsageSum } from '../domain/usage.ts';
import type { RunUsage, UsageRepository } from '../ports/store.ts';
import type { Database } from './database.ts';
import { sumUsage } from './sum-usage.ts';

interface UsageRow {
  run: string;
  agent: string;
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
  #known = {
    lengths: '',
    changes: new Map<string, number>(),
    byRun: new Map<string, UsageSum[]>(),
    all: [] as UsageSum[],
  };

  constructor(database: Database) {
    this.#database = database;
  }

  put(by: { run: string; agent: string; conversation: string }, { key, model, tokens, usd, at }: UsageEntry): boolean {
    const changed = () =>
      this.#database.sqlite
        .prepare(
          `INSERT INTO usage (run, agent, conversation, key, model, input, output, cache_read, cache_write, usd, at)
           VALUES (@run, @agent, @conversation, @key, @model, @input, @output, @cacheRead, @cacheWrite, @usd, @at)
           ON CONFLICT (conversation, key, model) DO UPDATE SET input = excluded.input, output = excluded.output,
             cache_read = excluded.cache_read, cache_write = excluded.cache_write, usd = excluded.usd
           WHERE (input, output, cache_read, cache_write, usd) IS NOT
             (excluded.input, excluded.output, excluded.cache_read, excluded.cache_write, excluded.usd)`,
        )
        .run({ ...by, key, model, ...tokens, usd, at }).changes;
    return this.#database.write(changed) > 0;
  }

  since(run: string, at: number): { calls: number; tokens: number } {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT count(*) AS calls, coalesce(sum(input + output + cache_read + cache_write), 0) AS tokens
             FROM usage WHERE run = ? AND at >= ?`,
          )
          .get(run, at) as { calls: number; tokens: number },
    );
  }

  list(): RunUsage[] {
    const rows = this.#database.read(() => this.#database.sqlite.prepare('SELECT * FROM usage').all() as UsageRow[]);
    return rows.map((row) => ({
      run: row.run,
      agent: row.agent,
      conversation: row.conversation,
      key: row.key,
      model: row.model,
      tokens: { input: row.input, output: row.output, cacheRead: row.cache_read, cacheWrite: row.cache_write },
      usd: row.usd,
      at: row.at,
    }));
  }

  sums(promptLengths: readonly number[]): readonly UsageSum[] {
    return this.#database.read(() => {
      const changes = this.#changes();
      const lengths = promptLengths.join();
      const known = this.#known.lengths === lengths ? this.#known : null;
      const changed = known && [...changes.keys()].filter((run) => changes.get(run) !== known.changes.get(run));
      if (known && changed?.length === 0) return known.all;
      const byRun = new Map(known?.byRun);
      for (const run of changed ?? []) byRun.set(run, sumUsage(this.#database.sqlite, promptLengths, run));
      if (!known) {
        for (const sum of sumUsage(this.#database.sqlite, promptLengths, null))
          byRun.set(sum.run, [...(byRun.get(sum.run) ?? []), sum]);
      }
      this.#known = { lengths, changes, byRun, all: [...byRun.values()].flat() };
      return this.#known.all;
    });
  }

  #changes(): Map<string, number> {
    const rows = this.#database.sqlite.prepare('SELECT run, changes FROM usage_changes').raw().all();
    return new Map(rows as [string, number][]);
  }
}
