import { expect, onTestFinished, test } from 'vitest';
import type { OperationContext } from '../../src/app/context.ts';
import { BudgetWatch } from '../../src/app/supervisor/budget-watch.ts';
import type { BudgetLimits } from '../../src/domain/budget.ts';
import { noCost } from '../../src/domain/cost.ts';
import type { RunStatus } from '../../src/domain/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A store with one run that works, and a watch over a budget of $1 a run; `asked` is what it asked of the driver. */
function world() {
  let now = new Date(2026, 10, 21, 12).getTime();
  const clock = () => now;
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock, jsonl: false });
  onTestFinished(() => store.dispose());
  const step = (type: string, status: RunStatus, more: object = {}) => ({
    ...{ event: { type, ...more }, status, snapshot: { machineVersion: 2, snapshot: null }, row: {} },
  });
  const task = store.tasks.add({ title: 'A task' });
  const run = store.runs.create({ task: task.id, worker: 'ada', agent: 'claude' }, () => step('run.queued', 'working'));
  const budget: BudgetLimits = { runUsd: 1, taskUsd: null, batchUsd: null, dayUsd: null, projectUsd: null };
  const batches = { list: () => [], of: () => null };
  const context = { store, batches, clock, project: { name: 'shop', root: '/p' }, settings: { budget, prices: {} } };
  const watch = new BudgetWatch(context as unknown as OperationContext, () => {});
  const asked: string[] = [];
  const runs = {
    pause: (id: string, _reason: string, by: string) => {
      asked.push(`pause ${id}`);
      return store.runs.append(id, step('run.paused', 'paused', { by }));
    },
    resume: (id: string) => {
      asked.push(`resume ${id}`);
      return store.runs.append(id, step('run.resumed', 'working'));
    },
    stopAgain: (id: string) => void asked.push(`stop ${id}`),
  };
  let calls = 0;
  return {
    ...{ store, run, watch, asked, runs, budget, step },
    uses(usd: number | null, model = 'm') {
      const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
      store.usage.put(
        { run: run.id, agent: 'claude', conversation: 'c' },
        { key: String(++calls), model, tokens, usd, at: now },
      );
      watch.enforce(runs, new Set([run.session]));
    },
    polls: () => watch.enforce(runs, new Set()),
    passes: (ms: number) => {
      now += ms;
    },
  };
}

test('a warning is one event however often it is looked at, and a run is paused once', () => {
  const { store, run, asked, uses, polls } = world();
  uses(0.5);
  uses(0.3);
  polls();
  polls();
  uses(0.15);
  uses(0.2);
  polls();
  expect(asked).toEqual([`pause ${run.id}`]);
  expect(store.runs.events(run.id).map(({ type, payload }) => [type, payload.level])).toEqual([
    ['run.queued', undefined],
    ['budget.warned', '80'],
    ['budget.warned', '90'],
    ['run.paused', undefined],
  ]);
});

test('a paused agent that still uses something is told again to stop, but not right after the first time', () => {
  const { run, asked, uses, polls, passes } = world();
  uses(1);
  passes(1_000);
  uses(0.1);
  expect(asked).toEqual([`pause ${run.id}`]);
  passes(10_000);
  polls();
  expect(asked).toEqual([`pause ${run.id}`]);
  uses(0.1);
  expect(asked).toEqual([`pause ${run.id}`, `stop ${run.id}`]);
});

test('a run that cannot be paused keeps no other from being paused', () => {
  const { run, store, watch } = world();
  const paused: string[] = [];
  const other = store.runs.create({ task: store.tasks.add({ title: 'B' }).id, worker: 'bo', agent: 'claude' }, () => ({
    ...{ event: { type: 'run.queued' }, status: 'working', snapshot: { machineVersion: 2, snapshot: null }, row: {} },
  }));
  store.usage.put(
    { run: other.id, agent: 'claude', conversation: 'd' },
    { key: '1', model: 'm', tokens: noCost.tokens, usd: 5, at: 1 },
  );
  store.usage.put(
    { run: run.id, agent: 'claude', conversation: 'c' },
    { key: '1', model: 'm', tokens: noCost.tokens, usd: 5, at: 1 },
  );
  const pause = (id: string) => {
    if (id === run.id) throw new Error('unreadable');
    paused.push(id);
    return other;
  };
  watch.enforce({ pause, resume: pause, stopAgain() {} }, new Set());
  expect(paused).toEqual([other.id]);
});

test('after a grant the run goes on, and is warned of the new limit', () => {
  const { store, run, watch, asked, uses, polls, passes } = world();
  uses(1);
  passes(1);
  expect(() => watch.refuse(run.task, run.id)).toThrow(`The budget of run ${run.id} is spent: $1.00 of $1.00.`);
  expect(watch.isSpent(run.task, null)).toBe(false);
  store.budgets.grant({ scope: 'run', name: run.id, usd: 1, by: 'ada' });
  expect(() => watch.refuse(run.task, run.id)).not.toThrow();
  expect(watch.problems()).toEqual([]);
  polls();
  polls();
  expect(asked).toEqual([`pause ${run.id}`, `resume ${run.id}`]);
  uses(0.7);
  expect(watch.problems()).toEqual([`The budget of run ${run.id} is spent to 85 %: $1.70 of $2.00.`]);
  expect(store.runs.events(run.id).at(-1)).toMatchObject({
    type: 'budget.warned',
    payload: { level: '80', limitUsd: 2 },
  });
  expect(asked).toHaveLength(2);
});

test('models without a price are named while a run uses them, and only where a budget counts', () => {
  const { store, run, watch, uses, budget, step } = world();
  uses(null, 'own-2');
  uses(null, 'own-1');
  uses(null, 'own-1');
  uses(0.1, 'claude-opus-5-5');
  expect(watch.problems()).toEqual([
    'No budget counts what is used of own-1, own-2: no price is known. Give one under prices: in .forge/config.yaml.',
  ]);
  budget.runUsd = null;
  expect(watch.problems()).toEqual([]);
  budget.runUsd = 1;
  store.runs.append(run.id, step('run.accepted', 'done'));
  expect(watch.problems()).toEqual([]);
});

test('a grant that is not enough, or of another budget, lets nothing go on; nor one that a person paused', () => {
  const { store, run, asked, uses, polls, passes, runs } = world();
  uses(1.5);
  passes(1);
  store.budgets.grant({ scope: 'run', name: run.id, usd: 0.25, by: 'ada' });
  store.budgets.grant({ scope: 'task', name: run.task, usd: 5, by: 'ada' });
  polls();
  expect(asked).toEqual([`pause ${run.id}`]);
  passes(1);
  store.budgets.grant({ scope: 'run', name: run.id, usd: 5, by: 'ada' });
  polls();
  runs.pause(run.id, '', 'person:ada');
  passes(1);
  store.budgets.grant({ scope: 'run', name: run.id, usd: 5, by: 'ada' });
  polls();
  expect(asked).toEqual([`pause ${run.id}`, `resume ${run.id}`, `pause ${run.id}`]);
});
