import { z } from 'zod';
import { dayOf } from '../../../base/day.ts';
import { ForgeError } from '../../../base/errors.ts';
import { type BudgetScope, budgetScopes } from '../../../domain/budget.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { readAllSpending, readBudgets } from '../../spending.ts';
import { openProjectsOf } from '../batch/members.ts';
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
  run: async (context, { scope, name, usd }) => {
    const { settings, store, actor } = context;
    const key = `${scope}Usd` as const;
    if (settings.budget[key] === null) {
      throw new ForgeError('usage.invalid', `No budget is set for a ${scope}, so there is nothing to add to.`, {
        next: `Set one in .forge/config.yaml: budget: { ${key}: 5 }`,
      });
    }
    const given = { scope, name: fullName(context, scope, name), usd, by: actor };
    const grant = store.budgets.grant(given);
    for (const other of scope === 'batch' ? await otherProjectsOf(context, grant.name) : [])
      other.store.budgets.grant(given);
    const all = readBudgets(context, await readAllSpending(context));
    const status = all.find((budget) => budget.scope === scope && budget.name === grant.name) ?? null;
    return { grant, status };
  },
});

/** What is granted to a batch counts in each of its projects. */
async function otherProjectsOf(context: OperationContext, batch: string): Promise<OperationContext[]> {
  const all = await openProjectsOf(context, [context.batches.get(batch)]);
  return [...all.values()].filter((there): there is OperationContext => !(there instanceof Error) && there !== context);
}

function fullName(context: OperationContext, scope: BudgetScope, name: string | undefined): string {
  if (scope === 'project') return context.project.name;
  if (scope === 'day') return name === undefined ? dayOf(context.clock()) : checkedDay(name);
  if (name === undefined) {
    throw new ForgeError('usage.invalid', `Which ${scope}?`, { next: `Name it: forge budget grant ${scope} ID USD` });
  }
  if (scope === 'batch') return context.batches.get(name).name;
  return scope === 'run' ? findRun(context, name).id : context.store.tasks.get(name).id;
}

function checkedDay(name: string): string {
  if (daySchema.safeParse(name).success) return name;
  throw new ForgeError('usage.invalid', `${name} is not a day.`, {
    next: 'Give it as 2026-11-21, or leave it out for today.',
  });
}
