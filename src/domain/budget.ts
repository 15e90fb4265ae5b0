import { type Cost, formatCost, formatUsd } from './cost.ts';
import type { Spending } from './spending.ts';

export const budgetScopes = ['run', 'task', 'batch', 'day', 'project'] as const;
export type BudgetScope = (typeof budgetScopes)[number];

/** US dollars for each run, each task, each batch, each day and the whole project; null: no limit. */
export interface BudgetLimits {
  runUsd: number | null;
  taskUsd: number | null;
  batchUsd: number | null;
  dayUsd: number | null;
  projectUsd: number | null;
}

/** Money that a person added to a limit. */
export interface Grant {
  scope: BudgetScope;
  /** Id of the run or task, name of the batch, the day, or the name of the project. */
  name: string;
  usd: number;
  by: string;
  at: number;
}

/** `over`: the whole limit is spent. */
export type BudgetLevel = 'ok' | '80' | '90' | 'over';

export interface BudgetStatus {
  scope: BudgetScope;
  name: string;
  spent: Cost;
  /** US dollars, with what was granted. */
  limitUsd: number;
  level: BudgetLevel;
}

/** How each budget stands that has a limit: of every run, task and batch that spent something, of the day, of the project. */
export function checkBudgets(limits: BudgetLimits, grants: readonly Grant[], spending: Spending): BudgetStatus[] {
  const { runUsd, taskUsd, batchUsd, dayUsd, projectUsd } = limits;
  const check = (scope: BudgetScope, limit: number | null, spent: Iterable<readonly [string, Cost]>) =>
    limit === null ? [] : Array.from(spent, ([name, cost]) => statusOf(scope, name, cost, limit, grants));
  return [
    ...check('project', projectUsd, [[spending.project, spending.total]]),
    ...check('day', dayUsd, [[spending.day, spending.today]]),
    ...check('batch', batchUsd, spending.batches),
    ...check('task', taskUsd, spending.tasks),
    ...check('run', runUsd, spending.runs),
  ];
}

/** What falls under budgets: a run of a task, in a batch or in none. */
export interface Budgeted {
  task: string;
  batch: string | null;
  /** Null: a new one. */
  run: string | null;
}

/** Those of them that it falls under. */
export function budgetsOf(statuses: readonly BudgetStatus[], budgeted: Budgeted): BudgetStatus[] {
  return statuses.filter(({ scope, name }) => scope === 'day' || scope === 'project' || budgeted[scope] === name);
}

/** What a person reads: `The budget of task fg-a3f8 is spent: $2.10 of $2.00.` */
export function sayBudget({ scope, name, spent, limitUsd, level }: BudgetStatus): string {
  const whose = scope === 'day' ? `day ${name}` : scope === 'project' ? 'the project' : `${scope} ${name}`;
  const stands = level === 'over' ? 'is spent' : `is spent to ${Math.floor((spent.usd / limitUsd) * 100)} %`;
  return `The budget of ${whose} ${stands}: ${formatCost(spent)} of ${formatUsd(limitUsd)}.`;
}

/** What a person reads of models whose price is not known: no budget holds back what they use. */
export function sayUnpriced(models: readonly string[]): string {
  return `No budget counts what is used of ${models.join(', ')}: no price is known. Give one under prices: in .forge/config.yaml.`;
}

/** How to go on: `forge budget grant task fg-a3f8 2`. */
export function grantCommand({ scope, name, limitUsd }: BudgetStatus): string {
  const named = scope === 'day' || scope === 'project' ? '' : ` ${name}`;
  return `forge budget grant ${scope}${named} ${Math.max(1, Math.ceil(limitUsd / 2))}`;
}

function statusOf(
  scope: BudgetScope,
  name: string,
  spent: Cost,
  limit: number,
  grants: readonly Grant[],
): BudgetStatus {
  const granted = grants.filter((grant) => grant.scope === scope && grant.name === name);
  const limitUsd = granted.reduce((sum, { usd }) => sum + usd, limit);
  return { scope, name, spent, limitUsd, level: levelOf(spent.usd, limitUsd) };
}

function levelOf(usd: number, limitUsd: number): BudgetLevel {
  // Sums of small amounts are off in their last digits: ten times $0.10 is not quite $1.
  const percent = Math.round((usd / limitUsd) * 1e8) / 1e6;
  if (percent >= 100) return 'over';
  if (percent >= 90) return '90';
  return percent >= 80 ? '80' : 'ok';
}
