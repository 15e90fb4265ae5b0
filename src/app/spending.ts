import { dayOf } from '../base/day.ts';
import { projectsOf } from '../domain/batch.ts';
import { type BudgetStatus, checkBudgets } from '../domain/budget.ts';
import { type Cost, sumOf } from '../domain/cost.ts';
import { promptLengths } from '../domain/prices.ts';
import type { Run } from '../domain/run.ts';
import { type Spending, spendingOf } from '../domain/spending.ts';
import type { OperationContext } from './context.ts';

/** What the project has spent until now. */
export function readSpending(context: OperationContext): Spending {
  const { store, settings, project, clock } = context;
  return spendingOf({
    sums: store.usage.sums(promptLengths),
    taskOf: new Map(store.runs.list().map(({ id, task }) => [id, task])),
    batchOf: batchesOfTasks(context),
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

/** The same, with all that its batches cost: in other projects too, as far as those can be opened. */
export async function readAllSpending(context: OperationContext): Promise<Spending> {
  const own = readSpending(context);
  const others = projectsOf(context.batches.list()).filter((name) => name !== context.project.name);
  const parts = await Promise.all(
    others.map(async (name) => {
      try {
        return readSpending(await context.projects.open(name)).batches;
      } catch {
        return new Map<string, Cost>();
      }
    }),
  );
  const all = sumOf([own.batches, ...parts]);
  const isOwn = new Set(batchesOfTasks(context).values());
  return { ...own, batches: new Map([...all].filter(([name]) => isOwn.has(name))) };
}

/** The batch of each task of the project that is in one. */
export function batchesOfTasks({
  batches,
  project,
}: Pick<OperationContext, 'batches' | 'project'>): Map<string, string> {
  return new Map(
    batches
      .list()
      .flatMap(({ name, tasks }) =>
        tasks.flatMap((one) => (one.project === project.name ? [[one.task, name] as const] : [])),
      ),
  );
}

/** The batch that a task of the project is in; null: none. */
export function batchOf(
  { batches, project }: Pick<OperationContext, 'batches' | 'project'>,
  task: string,
): string | null {
  return batches.of({ project: project.name, task });
}

/** What is told of a run besides itself. */
export interface RunFigures {
  batch: string | null;
  /** Null: its agent has told no tokens. */
  cost: Cost | null;
}

/** The run with its batch and what it cost. */
export function withFigures<T extends Run>(context: OperationContext, run: T): T & RunFigures {
  return { ...run, batch: batchOf(context, run.task), cost: readSpending(context).runs.get(run.id) ?? null };
}
