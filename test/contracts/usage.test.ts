import { expect, onTestFinished, test, vi } from 'vitest';
import type { UsageEntry } from '../../src/domain/usage.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const noon = new Date(2026, 10, 21, 12).getTime();
const dayMs = 86_400_000;

function open(directory = temporaryFolder()): Store {
  const store = openStore({ directory, prefix: 'fg', clock: () => noon, jsonl: false });
  onTestFinished(() => store.dispose());
  return store;
}

/** Makes a run of a new task; gives its id. */
function runIn(store: Store, worker = 'ada'): string {
  const task = store.tasks.add({ title: 'A task' });
  const snapshot = { machineVersion: 1, snapshot: null };
  const first = () => ({ event: { type: 'run.queued' }, status: 'queued' as const, snapshot, row: {} });
  return store.runs.create({ task: task.id, worker, agent: 'claude' }, first).id;
}

function call(key: string, more: Partial<UsageEntry> = {}): UsageEntry {
  return {
    key,
    model: 'm',
    tokens: { input: 100, output: 10, cacheRead: 5, cacheWrite: 1 },
    usd: null,
    at: noon,
    ...more,
  };
}

test('calls are added up by run, agent, model, day and length of prompt; what has no price of its own is kept apart', () => {
  const store = open();
  const [a, b] = [runIn(store, 'ada'), runIn(store, 'bo')];
  store.usage.put({ run: a, agent: 'claude', conversation: 'c1' }, call('1'));
  store.usage.put({ run: a, agent: 'claude', conversation: 'c1' }, call('2', { usd: 0.5 }));
  store.usage.put(
    { run: a, agent: 'claude', conversation: 'c1' },
    call('3', { tokens: { input: 150, output: 1, cacheRead: 40, cacheWrite: 11 } }),
  );
  store.usage.put({ run: a, agent: 'claude', conversation: 'c1' }, call('4', { model: 'n' }));
  store.usage.put({ run: b, agent: 'claude', conversation: 'c2' }, call('1', { at: noon - dayMs }));
  store.usage.put({ run: b, agent: 'other', conversation: 'c3' }, call('1', { at: noon - dayMs }));
  const tokens = { input: 100, output: 10, cacheRead: 5, cacheWrite: 1 };
  const long = { input: 150, output: 1, cacheRead: 40, cacheWrite: 11 };
  const sums = store.usage.sums([200, 1_000]);
  expect(sums).toHaveLength(5);
  expect(sums).toEqual(
    expect.arrayContaining([
      {
        ...{ run: a, agent: 'claude', model: 'm', day: '2026-11-21', promptAbove: 0, toldUsd: 0.5, untold: tokens },
        tokens: { input: 200, output: 20, cacheRead: 10, cacheWrite: 2 },
      },
      {
        run: a,
        agent: 'claude',
        model: 'm',
        day: '2026-11-21',
        promptAbove: 200,
        tokens: long,
        toldUsd: 0,
        untold: long,
      },
      { run: a, agent: 'claude', model: 'n', day: '2026-11-21', promptAbove: 0, tokens, toldUsd: 0, untold: tokens },
      ...['claude', 'other'].map((agent) => ({
        ...{ run: b, agent, model: 'm', day: '2026-11-20', promptAbove: 0, tokens, toldUsd: 0, untold: tokens },
      })),
    ]),
  );
});

test('sums are made anew for what changed, whoever changed it, and are the same otherwise', () => {
  const directory = temporaryFolder();
  const [store, other] = [open(directory), open(directory)];
  const [a, b] = [runIn(store, 'ada'), runIn(store, 'bo')];
  store.usage.put({ run: a, agent: 'claude', conversation: 'c1' }, call('1'));
  store.usage.put({ run: b, agent: 'claude', conversation: 'c2' }, call('1'));
  const input = (run: string) =>
    store.usage.sums([]).reduce((sum, part) => sum + (part.run === run ? part.tokens.input : 0), 0);
  const before = store.usage.sums([]);
  expect(store.usage.put({ run: a, agent: 'claude', conversation: 'c1' }, call('1'))).toBe(false);
  expect(store.usage.sums([])).toBe(before);
  // The same call with higher numbers: an answer that grew. It stays with the run that told it first.
  other.usage.put(
    { run: b, agent: 'claude', conversation: 'c1' },
    call('1', { tokens: { input: 300, output: 10, cacheRead: 5, cacheWrite: 1 } }),
  );
  expect([input(a), input(b)]).toEqual([300, 100]);
  other.usage.put({ run: b, agent: 'claude', conversation: 'c2' }, call('2'));
  expect([input(a), input(b)]).toEqual([300, 200]);
  expect(store.usage.sums([50]).every(({ promptAbove }) => promptAbove === 50)).toBe(true);
});

test('a day begins at midnight where the person is', () => {
  vi.stubEnv('TZ', 'Asia/Kathmandu');
  onTestFinished(() => void vi.unstubAllEnvs());
  const store = open();
  const run = runIn(store);
  const midnight = new Date(2026, 10, 21).getTime();
  store.usage.put({ run, agent: 'claude', conversation: 'c' }, call('1', { at: midnight - 1 }));
  store.usage.put({ run, agent: 'claude', conversation: 'c' }, call('2', { at: midnight }));
  expect(store.usage.sums([]).map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-21']);
});

test('a grant is kept, and is in the history of its run', () => {
  const store = open();
  const run = runIn(store);
  store.budgets.grant({ scope: 'run', name: run, usd: 2, by: 'ada' });
  store.budgets.grant({ scope: 'day', name: '2026-11-21', usd: 5, by: 'ada' });
  expect(store.budgets.grants()).toEqual([
    { scope: 'run', name: run, usd: 2, by: 'ada', at: noon },
    { scope: 'day', name: '2026-11-21', usd: 5, by: 'ada', at: noon },
  ]);
  expect(store.runs.events(run).at(-1)).toMatchObject({ type: 'budget.granted', payload: { usd: 2, by: 'ada' } });
  expect(() => store.budgets.grant({ scope: 'run', name: 'fg-none-1', usd: 1, by: 'ada' })).toThrow();
  expect(store.budgets.grants()).toHaveLength(2);
});

test('a warning is given once for each level of each limit, by whichever run', () => {
  const store = open();
  const [a, b] = [runIn(store, 'ada'), runIn(store, 'bo')];
  const day = { scope: 'day', name: '2026-11-21', level: '80', limitUsd: 10 } as const;
  expect(store.budgets.warn(day, a, 'why')).toBe(true);
  expect(store.budgets.warn(day, b, 'why')).toBe(false);
  expect(store.budgets.warn({ ...day, level: '90' }, b, 'why')).toBe(true);
  expect(store.budgets.warn({ ...day, limitUsd: 20 }, b, 'why')).toBe(true);
  const types = (run: string) => store.runs.events(run).map(({ type }) => type);
  expect(types(a)).toEqual(['run.queued', 'budget.warned']);
  expect(types(b)).toEqual(['run.queued', 'budget.warned', 'budget.warned']);
  expect(store.runs.get(a).status).toBe('queued');
});
