import type { Grant } from '../domain/budget.ts';
import type { Clock } from '../ports/clock.ts';
import type { BudgetRepository, RunRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

interface BudgetStoreInput {
  database: Database;
  runs: Pick<RunRepository, 'note'>;
  clock: Clock;
}

/** Grants, and which warnings were given: a warning and its place in the history of the run are one transaction. */
export class Budgets implements BudgetRepository {
  readonly #input: BudgetStoreInput;

  constructor(input: BudgetStoreInput) {
    this.#input = input;
  }

  grants(): Grant[] {
    const { database } = this.#input;
    const sql = 'SELECT scope, name, usd, actor AS "by", at FROM grants ORDER BY id';
    return database.read(() => database.sqlite.prepare(sql).all() as Grant[]);
  }

  grant(given: Omit<Grant, 'at'>): Grant {
    const { database, clock, runs } = this.#input;
    const grant = { ...given, at: clock() };
    return database.write(() => {
      database.sqlite
        .prepare('INSERT INTO grants (scope, name, usd, actor, at) VALUES (@scope, @name, @usd, @by, @at)')
        .run(grant);
      if (grant.scope === 'run') runs.note(grant.name, { type: 'budget.granted', usd: grant.usd, by: grant.by });
      return grant;
    });
  }

  warn(
    { scope, name, level, limitUsd }: Parameters<BudgetRepository['warn']>[0],
    run: string,
    reason: string,
  ): boolean {
    const { database, runs } = this.#input;
    return database.write(() => {
      const { changes } = database.sqlite
        .prepare('INSERT OR IGNORE INTO budget_warnings (scope, name, level, limit_usd) VALUES (?, ?, ?, ?)')
        .run(scope, name, level, limitUsd);
      if (changes > 0) runs.note(run, { type: 'budget.warned', scope, name, level, limitUsd, reason });
      return changes > 0;
    });
  }
}
