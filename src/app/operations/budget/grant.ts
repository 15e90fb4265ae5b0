import { z } from 'zod';
import { dayOf } from '../../../base/day.ts';
import { ForgeError } from '../../../base/errors.ts';
import { type BudgetScope, budgetScopes } from '../../../domain/budget.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { readBudgets } from '../../spending.ts';
import { daySchema } from '../cost/list.ts';
import { findRun } from '../run/read.ts';

export const budgetGrant = storeOperation({
  name: 'budget.grant',
  summary: 'Add money to the budget of a run, a task, a batch, a day or the project',
  input: z.object({
    scope: z.enum(budgetScopes),
    /** Of a run, a task or a batch; a day other than today. */
    name: z.string().optional(),
    usd: z.number().positive('more than 0'),
  }),
  run: (context, { scope, name, usd }) => {
    const { settings, store, actor } = context;
    const key = `${scope}Usd` as const;
    if (settings.budget[key] === null) {
      throw new ForgeError('usage.invalid', `No budget is set for a ${scope}, so there is nothing to add to.`, {
        next: `Set one in .forge/config.yaml: budget: { ${key}: 5 }`,
      });
    }
    const grant = store.budgets.grant({ scope, name: fullName(context, scope, name), usd, by: actor });
    const status = readBudgets(context).find((budget) => budget.scope === scope && budget.name === grant.name) ?? null;
    return { grant, status };
  },
});

function fullName(context: OperationContext, scope: BudgetScope, name: string | undefined): string {
  if (scope === 'project') return context.project.name;
  if (scope === 'day') return name === undefined ? dayOf(context.clock()) : checkedDay(name);
  if (name === undefined) {
    throw new ForgeError('usage.invalid', `Which ${scope}?`, { next: `Name it: forge budget grant ${scope} ID USD` });
  }
  if (scope === 'batch') return context.store.batches.get(name).name;
  return scope === 'run' ? findRun(context, name).id : context.store.tasks.get(name).id;
}

function checkedDay(name: string): string {
  if (daySchema.safeParse(name).success) return name;
  throw new ForgeError('usage.invalid', `${name} is not a day.`, {
    next: 'Give it as 2026-11-21, or leave it out for today.',
  });
}
