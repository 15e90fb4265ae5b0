import { addCosts, type Cost, costOf, noCost } from './cost.ts';
import type { OwnPrices } from './prices.ts';
import type { UsageSum } from './usage.ts';

/** What a project has spent, in the groups that budgets are given for. Runs, tasks and batches that used nothing are left out. */
export interface Spending {
  runs: ReadonlyMap<string, Cost>;
  tasks: ReadonlyMap<string, Cost>;
  batches: ReadonlyMap<string, Cost>;
  /** In the person's time zone: 2026-11-21. */
  day: string;
  today: Cost;
  project: string;
  total: Cost;
}

interface SpendingInput {
  sums: readonly UsageSum[];
  /** The task of each run by its id. */
  taskOf: ReadonlyMap<string, string>;
  /** The batch of each task that is in one. */
  batchOf: ReadonlyMap<string, string>;
  project: string;
  day: string;
  prices: OwnPrices;
}

export function spendingOf({ sums, taskOf, batchOf, project, day, prices }: SpendingInput): Spending {
  const runs = sumCosts(sums, prices, ({ run }) => run);
  const tasks = sumCosts(sums, prices, ({ run }) => taskOf.get(run) ?? '');
  const inBatches = sums.filter(({ run }) => batchOf.has(taskOf.get(run) ?? ''));
  const batches = sumCosts(inBatches, prices, ({ run }) => batchOf.get(taskOf.get(run) ?? '') ?? '');
  const today = sumCosts(sums, prices, (sum) => sum.day).get(day) ?? noCost;
  return { runs, tasks, batches, day, today, project, total: [...runs.values()].reduce(addCosts, noCost) };
}

/** The cost of each group, by the name that `groupOf` gives a sum. */
export function sumCosts(
  sums: readonly UsageSum[],
  prices: OwnPrices,
  groupOf: (sum: UsageSum) => string,
): Map<string, Cost> {
  const costs = new Map<string, Cost>();
  for (const sum of sums) {
    const group = groupOf(sum);
    costs.set(group, addCosts(costs.get(group) ?? noCost, costOf(sum, prices)));
  }
  return costs;
}
