import { z } from 'zod';
import { dayOf } from '../../../base/day.ts';
import { addCosts, type Cost, noCost } from '../../../domain/cost.ts';
import { promptLengths } from '../../../domain/prices.ts';
import { sumCosts } from '../../../domain/spending.ts';
import type { UsageSum } from '../../../domain/usage.ts';
import type { AgentAdapter } from '../../../ports/agent.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { batchesOfTasks } from '../../spending.ts';

export const costGroups = ['task', 'agent', 'model', 'day', 'run', 'batch', 'project'] as const;
export type CostGroup = (typeof costGroups)[number];

/** The group of what is in no batch. */
const noBatch = '(none)';

export interface CostRow {
  name: string;
  /** Of the task, or of the run's; of an agent what it leaves out of what it tells; empty for other groups. */
  title: string;
  cost: Cost;
}

export const daySchema = z.iso.date('a day such as 2026-11-21');

export const costList = storeOperation({
  name: 'cost.list',
  summary: 'What was used and what it cost, in groups',
  input: z.object({
    by: z.enum(costGroups).default('task'),
    /** The first day that counts; `today` is one too. */
    since: z.union([daySchema, z.literal('today')], 'a day such as 2026-11-21, or today').optional(),
  }),
  run: (context, { by, since }): { by: CostGroup; since: string | null; rows: CostRow[]; total: Cost } => {
    const { store, settings, clock } = context;
    const from = since === 'today' ? dayOf(clock()) : (since ?? null);
    const sums = store.usage.sums(promptLengths).filter(({ day }) => from === null || day >= from);
    const { nameOf, titleOf } = grouping(context, by);
    const rows = Array.from(sumCosts(sums, settings.prices, nameOf), ([name, cost]) => ({
      name,
      title: titleOf(name),
      cost,
    }));
    rows.sort(rowOrder(by));
    return { by, since: from, rows, total: rows.map(({ cost }) => cost).reduce(addCosts, noCost) };
  },
});

function grouping(context: OperationContext, by: CostGroup) {
  const { store, project } = context;
  const runs = new Map(store.runs.list().map((run) => [run.id, run]));
  const batchOf = batchesOfTasks(context);
  const taskOf = (run: string) => runs.get(run)?.task ?? '';
  const nameOf: Record<CostGroup, (sum: UsageSum) => string> = {
    task: ({ run }) => taskOf(run),
    agent: ({ agent }) => agent,
    model: ({ model }) => model,
    day: ({ day }) => day,
    run: ({ run }) => run,
    batch: ({ run }) => batchOf.get(taskOf(run)) ?? noBatch,
    project: () => project.name,
  };
  const titleOf = (name: string) => {
    if (by === 'agent') return leftOut(context.agents.adapterOfOrNull(name));
    return store.tasks.find(by === 'run' ? taskOf(name) : name)?.title ?? '';
  };
  return { nameOf: nameOf[by], titleOf };
}

function leftOut(adapter: AgentAdapter | null): string {
  return adapter?.leavesOut === undefined ? '' : `without ${adapter.leavesOut}, which it does not tell`;
}

/** Days in their order, all else by what it cost. */
export function rowOrder(by: CostGroup): (a: CostRow, b: CostRow) => number {
  return by === 'day' ? (a, b) => a.name.localeCompare(b.name) : byCost;
}

function byCost(a: CostRow, b: CostRow): number {
  return b.cost.usd - a.cost.usd || b.cost.tokens.output - a.cost.tokens.output || a.name.localeCompare(b.name);
}
