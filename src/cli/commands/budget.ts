import { ForgeError } from '../../base/errors.ts';
import { type BudgetScope, type BudgetStatus, budgetScopes } from '../../domain/budget.ts';
import { formatCost, formatUsd } from '../../domain/cost.ts';
import { command, text } from '../command.ts';
import { costJson } from '../output/cost.ts';
import { table } from '../output/table.ts';

export const budgetListCommand = command({
  summary: 'How the budgets stand',
  example: 'forge budget list',
  details:
    'Of the project, of today, of open tasks and of live runs, as far as a limit is set (budget: in the settings) and something was spent. At 80 and 90 % there is a warning; at 100 % live runs are paused and nothing is dispatched until you grant more.',
  async run(forge) {
    const statuses = await forge.call('budget.list', {});
    const rows = statuses.map((status) => [
      status.scope,
      status.name,
      `${formatCost(status.spent)} of ${formatUsd(status.limitUsd)}`,
      levels[status.level],
    ]);
    return {
      json: statuses.map(statusJson),
      text: await table(rows, 'No budget counts anything. Set one in .forge/config.yaml: budget: { dayUsd: 20 }'),
    };
  },
});

const levels: Record<BudgetStatus['level'], string> = { ok: '', '80': '80 % spent', '90': '90 % spent', over: 'spent' };

export const budgetGrantCommand = command<Record<string, unknown>, [BudgetScope, string, string | undefined]>({
  summary: 'Add money to a budget',
  example: 'forge budget grant task fg-a3f8 2',
  details:
    'For one run, task or batch, for one day (today unless named), or for the project. USD is added to the limit. Runs that the budget has paused go on by themselves, unless another one is spent.',
  args: {
    kind: 'tuple',
    parameters: [
      { ...text('scope', budgetScopes.join(', ')), parse: parseScope },
      text('name', 'Of the run, task or batch, or a day; not for today or the project'),
      { ...text('usd', 'US dollars'), optional: true },
    ],
  },
  async run(forge, _flags, scope, name, usd) {
    const [named, amount] = usd === undefined ? [undefined, name] : [name, usd];
    const { grant, status } = await forge.call('budget.grant', { scope, name: named, usd: parseUsd(amount) });
    const now = status ? `; ${formatCost(status.spent)} of ${formatUsd(status.limitUsd)} is spent` : '';
    const whose = scope === 'project' ? 'the project' : `${scope} ${grant.name}`;
    return {
      json: { grant, status: status && statusJson(status) },
      text: `${formatUsd(grant.usd)} more for ${whose}${now}.`,
    };
  },
});

function parseScope(typed: string): BudgetScope {
  const scope = budgetScopes.find((word) => word === typed);
  if (scope) return scope;
  throw new ForgeError('usage.invalid', `expected one of ${budgetScopes.join(', ')}, found ${typed}`);
}

function parseUsd(typed: string): number {
  const usd = Number(typed.replace(/^\$/, ''));
  if (typed.trim() !== '' && Number.isFinite(usd)) return usd;
  throw new ForgeError('usage.invalid', `${typed} is not an amount of US dollars.`);
}

function statusJson({ spent, ...status }: BudgetStatus) {
  return { ...status, spent: costJson(spent) };
}
