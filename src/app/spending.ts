import { dayOf } from '../base/day.ts';
import { type BudgetStatus, checkBudgets } from '../domain/budget.ts';
import type { Cost } from '../domain/cost.ts';
import { promptLengths } from '../domain/prices.ts';
import type { Run } from '../domain/run.ts';
import { type Spending, spendingOf } from '../domain/spending.ts';
import type { OperationContext } from './context.ts';

/** What the project has spent until now. */
export function readSpending({ store, settings, project, clock }: OperationContext): Spending {
  return spendingOf({
    sums: store.usage.sums(promptLengths),
    taskOf: new Map(store.runs.list().map(({ id, task }) => [id, task])),
    batchOf: batchesOfTasks(store),
    project: project.name,
    day: dayOf(clock()),
    prices: settings.prices,
  });
}

/** How the budgets of the project stand. */
export function readBudgets(context: OperationContext, spending: Spending = readSpending(context)): BudgetStatus[] {
  const { settings, store } = context;
  return checkBudgets(settings.budget, store.budgets.grants(), spending);
}

/** The batch of each task that is in one. */
export function batchesOfTasks({ batches }: OperationContext['store']): Map<string, string> {
  return new Map(batches.list().flatMap(({ name, tasks }) => tasks.map((task) => [task, name] as const)));
}

/** What is told of a run besides itself. */
export interface RunFigures {
  batch: string | null;
  /** Null: its agent has told no tokens. */
  cost: Cost | null;
}

/** The run with its batch and what it cost. */
export function withFigures<T extends Run>(context: OperationContext, run: T): T & RunFigures {
  return { ...run, batch: context.store.batches.of(run.task), cost: readSpending(context).runs.get(run.id) ?? null };
}
