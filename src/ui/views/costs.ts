import { clockTime } from '../../base/age.ts';
import { dayOf } from '../../base/day.ts';
import { plainText } from '../../base/text.ts';
import type { BudgetStatus } from '../../domain/budget.ts';
import { type Cost, formatUsd } from '../../domain/cost.ts';
import { daySpentAt, daysLeft, pacePerDay } from '../../domain/forecast.ts';
import type { AskedCosts } from '../app/asked.ts';
import type { Line, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours } from '../theme.ts';
import { askAgain } from './ask-again.ts';
import { bar, costCell, textCell, tokensCell } from './cells.ts';

/** Days and tasks that are shown; `forge cost` has all. */
const daysMax = 14;
const tasksMax = 30;
const barCells = 20;

/** What was spent, by day, agent and task, and how long the budgets last. */
export const costs: View = {
  id: 'costs',
  key: 'C',
  title: 'Costs',
  about: 'what was spent, and how long budgets last',
  empty: 'Nothing has been spent: select a task and press {run.dispatch}.',
  columns: [
    { title: 'what', cols: 16 },
    { title: '', cols: barCells },
    { title: 'cost', cols: 9, isRight: true },
    { title: 'tokens', cols: 7, isRight: true, from: 100 },
    { title: '', cols: 0, grows: true },
  ],
  groups: [
    { id: 'budget', title: 'BUDGETS AND PACE' },
    { id: 'day', title: 'BY DAY' },
    { id: 'agent', title: 'BY AGENT' },
    { id: 'task', title: 'BY TASK' },
  ],
  lines: ({ asked, now }) => asked.costs && costLines(asked.costs, now),
  follow: (model) =>
    askAgain(
      model,
      async (client) => {
        const by = async (group: 'day' | 'agent' | 'task') => (await client.call('cost.list', { by: group })).rows;
        const [days, agents, tasks] = await Promise.all([by('day'), by('agent'), by('task')]);
        return { days, agents, tasks, budgets: await client.call('budget.list', {}) };
      },
      (found) => model.set({ asked: { ...model.state.asked, costs: found } }),
    ),
  Component: ListView,
};

function costLines({ days, agents, tasks, budgets }: AskedCosts, now: number): Line[] {
  if (days.length === 0) return [];
  const newest = days.slice(-daysMax).reverse();
  const costliest = tasks.slice(0, tasksMax);
  return [
    ...paceLines(days, budgets, now),
    ...bars('day', newest, ({ name }) => (name === dayOf(now) ? 'today' : '')),
    ...bars('agent', agents, ({ title }) => title),
    ...bars('task', costliest, ({ title }) => title),
  ];
}

interface Amount {
  name: string;
  title: string;
  cost: Cost;
}

function bars(group: string, rows: readonly Amount[], noteOf: (row: Amount) => string): Line[] {
  const most = Math.max(...rows.map(({ cost }) => cost.usd), 0);
  return rows.map((row) => ({
    key: `${group}:${row.name}`,
    group,
    task: group === 'task' ? row.name : null,
    cells: [
      textCell(row.name),
      { text: '━'.repeat(most > 0 ? Math.ceil((row.cost.usd / most) * barCells) : 0), colour: colours.accent },
      costCell(row.cost),
      tokensCell(row.cost),
      textCell(noteOf(row), colours.quiet),
    ],
  }));
}

function paceLines(days: readonly Amount[], budgets: readonly BudgetStatus[], now: number): Line[] {
  const spent = new Map(days.map(({ name, cost }) => [name, cost.usd]));
  const pace = pacePerDay(spent, now);
  const line = (key: string, cells: Line['cells']): Line => ({ key, group: 'budget', task: null, cells });
  const perDay = line('pace', [
    { text: 'a day, of late' },
    { text: '' },
    { text: formatUsd(pace ?? 0), rank: pace ?? 0 },
    { text: '' },
    { text: `${formatUsd((pace ?? 0) * 30)} in 30 days`, colour: colours.quiet },
  ]);
  const limits = budgets.map((budget) =>
    line(`budget:${budget.scope}:${budget.name}`, [
      {
        text: plainText(
          budget.scope === 'day' || budget.scope === 'project' ? budget.scope : `${budget.scope} ${budget.name}`,
        ),
      },
      { text: bar(budget.spent.usd / budget.limitUsd, barCells), colour: budgetColours[budget.level] },
      costCell(budget.spent),
      { text: '' },
      { text: `of ${formatUsd(budget.limitUsd)}${lastsText(budget, pace, now)}`, colour: budgetColours[budget.level] },
    ]),
  );
  return pace === null ? limits : [...limits, perDay];
}

/** How long a budget lasts, where a pace says something about that. */
function lastsText({ scope, spent, limitUsd, level }: BudgetStatus, pace: number | null, now: number): string {
  if (level === 'over') return ', spent';
  if (scope === 'day') {
    const at = daySpentAt(spent.usd, limitUsd, now);
    return at === null ? ', lasts today' : `, spent at ${clockTime(at)}`;
  }
  if (scope !== 'project' || pace === null) return '';
  const days = daysLeft(limitUsd - spent.usd, pace);
  return days < 1 ? ', for less than a day' : `, for ${Math.floor(days)} days`;
}

const budgetColours = {
  ok: colours.good,
  '80': colours.attention,
  '90': colours.attention,
  over: colours.bad,
} as const;
