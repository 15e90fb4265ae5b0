import type Sqlite from 'better-sqlite3';
import { dayOf } from '../base/day.ts';
import { addTokens } from '../domain/tokens.ts';
import type { UsageSum } from '../domain/usage.ts';

/** In ms. Every time zone is off by a multiple of it, so it lies in one day; asking SQLite for the day costs far more. */
const quarterMs = 15 * 60_000;

interface QuarterRow {
  run: string;
  agent: string;
  model: string;
  prompt_above: number;
  quarter: number;
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  usd: number;
  untold_input: number;
  untold_output: number;
  untold_read: number;
  untold_write: number;
}

/** Model calls added up by run, agent, model, day and length of prompt; of one run, or of all. */
export function sumUsage(sqlite: Sqlite.Database, promptLengths: readonly number[], run: string | null): UsageSum[] {
  const sums = new Map<string, UsageSum>();
  const rows = sqlite.prepare(quarterSql(promptLengths, run !== null)).all({ run }) as QuarterRow[];
  for (const row of rows) {
    const sum = sumFrom(row);
    const key = [sum.run, sum.agent, sum.model, sum.day, sum.promptAbove].join('\n');
    const known = sums.get(key);
    if (!known) sums.set(key, sum);
    else {
      known.toldUsd += sum.toldUsd;
      known.tokens = addTokens(known.tokens, sum.tokens);
      known.untold = addTokens(known.untold, sum.untold);
    }
  }
  return [...sums.values()];
}

function quarterSql(promptLengths: readonly number[], isOfRun: boolean): string {
  const cases = promptLengths.toReversed().map(Math.trunc);
  const promptAbove =
    cases.length === 0
      ? '0'
      : `CASE ${cases.map((length) => `WHEN prompt > ${length} THEN ${length}`).join(' ')} ELSE 0 END`;
  return `
    SELECT run, agent, model, ${promptAbove} AS prompt_above, CAST(at / ${quarterMs} AS INTEGER) AS quarter,
      sum(input) AS input, sum(output) AS output, sum(cache_read) AS cache_read, sum(cache_write) AS cache_write,
      total(usd) AS usd, total(input) FILTER (WHERE usd IS NULL) AS untold_input,
      total(output) FILTER (WHERE usd IS NULL) AS untold_output,
      total(cache_read) FILTER (WHERE usd IS NULL) AS untold_read,
      total(cache_write) FILTER (WHERE usd IS NULL) AS untold_write
    FROM (SELECT *, input + cache_read + cache_write AS prompt FROM usage ${isOfRun ? 'WHERE run = @run' : 'NOT INDEXED'})
    GROUP BY run, agent, model, prompt_above, quarter`;
}

function sumFrom(row: QuarterRow): UsageSum {
  return {
    run: row.run,
    agent: row.agent,
    model: row.model,
    day: dayOf(row.quarter * quarterMs),
    promptAbove: row.prompt_above,
    tokens: { input: row.input, output: row.output, cacheRead: row.cache_read, cacheWrite: row.cache_write },
    toldUsd: row.usd,
    untold: {
      input: row.untold_input,
      output: row.untold_output,
      cacheRead: row.untold_read,
      cacheWrite: row.untold_write,
    },
  };
}
