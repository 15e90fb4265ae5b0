import { expect, test } from 'vitest';
import { budgetsOf, checkBudgets, type Grant, grantCommand, sayBudget } from '../../src/domain/budget.ts';
import { type Cost, noCost } from '../../src/domain/cost.ts';
import { type Spending, spendingOf } from '../../src/domain/spending.ts';
import type { UsageSum } from '../../src/domain/usage.ts';

const usd = (amount: number, more: Partial<Cost> = {}): Cost => ({ ...noCost, usd: amount, ...more });
const noLimits = { runUsd: null, taskUsd: null, batchUsd: null, dayUsd: null, projectUsd: null };

function spent(run: number, task: number, today: number, total: number): Spending {
  return {
    runs: new Map([['fg-a-1', usd(run)]]),
    tasks: new Map([['fg-a', usd(task)]]),
    batches: new Map([['spring', usd(task + 1)]]),
    ...{ day: '2026-11-21', today: usd(today), project: 'shop', total: usd(total) },
  };
}

test('without limits there is nothing to check', () => {
  expect(checkBudgets(noLimits, [], spent(9, 9, 9, 9))).toEqual([]);
});

test('each scope is measured by its own limit', () => {
  const limits = { runUsd: 1, taskUsd: 2, batchUsd: 3, dayUsd: 10, projectUsd: 100 };
  expect(checkBudgets(limits, [], spent(0.5, 1.7, 9.5, 100))).toEqual([
    { scope: 'project', name: 'shop', spent: usd(100), limitUsd: 100, level: 'over' },
    { scope: 'day', name: '2026-11-21', spent: usd(9.5), limitUsd: 10, level: '90' },
    { scope: 'batch', name: 'spring', spent: usd(2.7), limitUsd: 3, level: '90' },
    { scope: 'task', name: 'fg-a', spent: usd(1.7), limitUsd: 2, level: '80' },
    { scope: 'run', name: 'fg-a-1', spent: usd(0.5), limitUsd: 1, level: 'ok' },
  ]);
});

test.each([
  [0, 'ok'],
  [0.7999, 'ok'],
  [0.8, '80'],
  [0.8999, '80'],
  [0.9, '90'],
  [0.9999, '90'],
  [0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1, 'over'],
  [1.5, 'over'],
])('%f of 1 is %s', (amount, level) => {
  expect(checkBudgets({ ...noLimits, dayUsd: 1 }, [], spent(0, 0, amount, 0))).toMatchObject([{ level }]);
});

test('a grant adds to the limit of what it names, and to nothing else', () => {
  const grant = (scope: Grant['scope'], name: string, amount: number) => ({
    scope,
    name,
    usd: amount,
    by: 'ada',
    at: 1,
  });
  const limits = { ...noLimits, runUsd: 1, dayUsd: 1 };
  const grants = [
    grant('run', 'fg-a-1', 1),
    grant('run', 'fg-a-1', 2),
    grant('run', 'fg-b-1', 9),
    grant('day', '2026-11-20', 9),
  ];
  expect(checkBudgets(limits, grants, spent(1, 0, 1, 0))).toMatchObject([
    { scope: 'day', limitUsd: 1, level: 'over' },
    { scope: 'run', limitUsd: 4, level: 'ok' },
  ]);
});

test('a run falls under its own budget, those of its task and batch, of the day and of the project', () => {
  const limits = { runUsd: 1, taskUsd: 1, batchUsd: 9, dayUsd: 1, projectUsd: 1 };
  const spending = {
    ...spent(0, 0, 0, 0),
    runs: new Map([
      ['fg-a-1', noCost],
      ['fg-a-2', noCost],
    ]),
  };
  const scopes = (task: string, run: string | null, batch: string | null = null) =>
    budgetsOf(checkBudgets(limits, [], spending), { task, run, batch }).map(({ scope, name }) => `${scope} ${name}`);
  expect(scopes('fg-a', 'fg-a-2')).toEqual(['project shop', 'day 2026-11-21', 'task fg-a', 'run fg-a-2']);
  expect(scopes('fg-a', null)).toEqual(['project shop', 'day 2026-11-21', 'task fg-a']);
  expect(scopes('fg-b', null, 'spring')).toEqual(['project shop', 'day 2026-11-21', 'batch spring']);
  expect(scopes('fg-b', null)).toEqual(['project shop', 'day 2026-11-21']);
});

test('a person reads which budget, how much, and how to go on', () => {
  const [over] = checkBudgets({ ...noLimits, taskUsd: 2 }, [], spent(0, 2.1, 0, 0));
  expect(over && sayBudget(over)).toBe('The budget of task fg-a is spent: $2.10 of $2.00.');
  expect(over && grantCommand(over)).toBe('forge budget grant task fg-a 1');
  const [day] = checkBudgets({ ...noLimits, dayUsd: 10 }, [], {
    ...spent(0, 0, 0, 0),
    today: usd(8.5, { hasUnknown: true, isEstimated: true }),
  });
  expect(day && sayBudget(day)).toBe('The budget of day 2026-11-21 is spent to 85 %: ≥ $8.50 of $10.00.');
  expect(day && grantCommand(day)).toBe('forge budget grant day 5');
});

test('spending is added up by run, task, day and in all', () => {
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const sum = (run: string, day: string, toldUsd: number): UsageSum => ({
    ...{ run, agent: 'claude', day, toldUsd, model: 'm', promptAbove: 0, tokens, untold: tokens },
  });
  const sums = [
    sum('fg-a-1', '2026-11-20', 1),
    sum('fg-a-1', '2026-11-21', 2),
    sum('fg-a-2', '2026-11-21', 4),
    sum('fg-b-1', '2026-11-21', 8),
  ];
  const taskOf = new Map([
    ['fg-a-1', 'fg-a'],
    ['fg-a-2', 'fg-a'],
    ['fg-b-1', 'fg-b'],
  ]);
  const batchOf = new Map([['fg-b', 'spring']]);
  const spending = spendingOf({ sums, taskOf, batchOf, project: 'shop', day: '2026-11-21', prices: {} });
  const amounts = (costs: ReadonlyMap<string, Cost>) => Array.from(costs, ([name, cost]) => [name, cost.usd]);
  expect(amounts(spending.runs)).toEqual([
    ['fg-a-1', 3],
    ['fg-a-2', 4],
    ['fg-b-1', 8],
  ]);
  expect(amounts(spending.tasks)).toEqual([
    ['fg-a', 7],
    ['fg-b', 8],
  ]);
  expect(amounts(spending.batches)).toEqual([['spring', 8]]);
  expect([spending.today.usd, spending.total.usd]).toEqual([14, 15]);
});
