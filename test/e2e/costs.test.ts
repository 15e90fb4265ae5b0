import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UsageEntry } from '../../src/domain/usage.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const patient = `#!/usr/bin/env node
process.stdout.write('at work\\r\\n');
process.stdin.resume();
`;

interface RunJson {
  id: string;
  task: string;
  status: string;
  reason: string;
  cost: Record<string, number | boolean | null>;
  events: { type: string; payload: Record<string, unknown> }[];
}

let world: World;
let store: Store;
let calls = 0;

beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: patient }, bob: { script: patient } }, 'stealth');
  settings('budget: { taskUsd: 2, dayUsd: 10 }\nprices: { "own-*": { input: 1, output: 10, cacheRead: 0.1 } }\n');
  store = openStore({ directory: join(world.repository, '.forge'), prefix: 'fg', clock: Date.now, jsonl: false });
});
afterEach(async () => {
  store.dispose();
  await world.dispose();
});

function settings(text: string): void {
  appendFileSync(join(world.repository, '.forge', 'config.yaml'), text);
}

/** As an agent's records would tell it. */
function uses(run: string, entry: Partial<UsageEntry>, agent = 'ada-agent'): void {
  const tokens = { input: 1_000, output: 100, cacheRead: 0, cacheWrite: 0 };
  const call = { key: String(++calls), model: 'some-model', tokens, usd: null, at: Date.now(), ...entry };
  store.usage.put({ run, agent, conversation: `conversation of ${run}` }, call);
}

async function startsTask(title: string): Promise<{ task: string; run: string }> {
  const { id: task } = await world.json<{ id: string }>('task', 'add', title);
  const { runs } = await world.json<{ runs: [{ id: string }] }>('dispatch', task);
  await becomes(runs[0].id, 'working');
  return { task, run: runs[0].id };
}

function becomes(run: string, status: string): Promise<RunJson> {
  return until(`${run} is ${status}`, async () => {
    const shown = await world.json<RunJson>('run', 'show', run);
    return shown.status === status && shown;
  });
}

test('a budget warns, then pauses and refuses; a person grants more, and it goes on', async () => {
  const { task, run } = await startsTask('Expensive');
  const terminal = world.open(['tui'], { cols: 80, rows: 24 });
  await terminal.sees('at work');

  uses(run, { usd: 1.7 });
  await terminal.sees('today $1.70');
  await terminal.sees(/Expensive.* ada .*\$1\.70/);
  await terminal.sees(`The budget of task ${task} is spent to 85 %: $1.70 of $2.00.`);
  const warnings = async () =>
    (await world.json<RunJson>('run', 'show', run)).events.filter(({ type }) => type === 'budget.warned');
  const [warning] = await until('the warning is an event of the run', async () => {
    const all = await warnings();
    return all.length > 0 && all;
  });
  expect(warning?.payload).toMatchObject({ scope: 'task', level: '80', limitUsd: 2 });

  uses(run, { usd: 0.5 });
  const paused = await becomes(run, 'paused');
  expect(paused.reason).toBe(
    `The budget of task ${task} is spent: $2.20 of $2.00. Grant more: forge budget grant task ${task} 1`,
  );
  await terminal.sees(`The budget of task ${task} is spent: $2.20 of $2.00.`);
  expect(terminal.screen.split('\n').every((line) => line.length <= 80)).toBe(true);
  // Where it went, and which budget it was.
  terminal.press('C');
  await terminal.sees(new RegExp(`task ${task} +━+ +\\$2\\.20 +of \\$2\\.00, spent`));
  await terminal.sees(/BY DAY\n.*━+ +\$2\.20 +today/);
  terminal.press('C');
  await terminal.sees('WORKERS');
  terminal.press('I');
  await terminal.sees('cost $2.20, 2.2k tokens');
  terminal.press(key.escape);
  expect(await warnings()).toHaveLength(1);

  const refused = await world.forge('resume', run);
  expect(refused).toMatchObject({ status: 5, stdout: '' });
  expect(refused.stderr).toBe(
    `forge: The budget of task ${task} is spent: $2.20 of $2.00.\nGrant more: forge budget grant task ${task} 1\n`,
  );
  await world.forge('cancel', run);
  expect(await world.forge('dispatch', task)).toMatchObject({ status: 5, stderr: refused.stderr });
  expect(await world.json('budget', 'list')).toMatchObject([
    { scope: 'day', limitUsd: 10, level: 'ok', spent: { usd: 2.2 } },
    { scope: 'task', name: task, limitUsd: 2, level: 'over', spent: { usd: 2.2, estimated: false } },
  ]);

  const granted = await world.forge('budget', 'grant', 'task', task, '1');
  expect(granted.stdout).toBe(`$1.00 more for task ${task}; $2.20 of $3.00 is spent.\n`);
  const { runs } = await world.json<{ runs: [{ id: string }] }>('dispatch', task);
  await becomes(runs[0].id, 'working');
  uses(runs[0].id, { usd: 0.8 });
  await becomes(runs[0].id, 'paused');
  await world.forge('budget', 'grant', 'task', task, '5');
  await becomes(runs[0].id, 'working');
  terminal.press('q');
  expect(await terminal.ends()).toBe(0);
});

test('the budget of the day holds for all that works, and for what would begin', async () => {
  const [first, second] = [await startsTask('One'), await startsTask('Two')];
  uses(first.run, { usd: 1.9 });
  uses(second.run, { usd: 1.9 });
  await world.forge('budget', 'grant', 'task', second.task, '100');
  uses(second.run, { usd: 6.3 });
  expect((await becomes(first.run, 'paused')).reason).toMatch(
    /^The budget of day 20.* is spent: \$10\.10 of \$10\.00\./,
  );
  await becomes(second.run, 'paused');
  const third = await world.json<{ id: string }>('task', 'add', 'Three');
  expect((await world.forge('dispatch', third.id)).stderr).toContain('Grant more: forge budget grant day 5');
  expect((await world.forge('budget', 'grant', 'day', '5')).stdout).toMatch(/\$10\.10 of \$15\.00 is spent/);
  for (const { run } of [first, second]) await becomes(run, 'working');
});

test('what waits in the queue does not begin while the day is spent, and begins after a grant', async () => {
  settings('limits: { total: 1 }\n');
  const first = await startsTask('One');
  const { id } = await world.json<{ id: string }>('task', 'add', 'Two');
  const { runs } = await world.json<{ runs: [{ id: string; status: string }] }>('dispatch', id);
  expect(runs[0].status).toBe('queued');
  uses(first.run, { usd: 11 });
  await becomes(first.run, 'paused');
  await world.forge('cancel', first.run);
  expect((await world.json<RunJson>('run', 'show', runs[0].id)).status).toBe('queued');
  await world.forge('budget', 'grant', 'day', '5');
  await becomes(runs[0].id, 'working');
});

test('what is not known is said: own prices give an estimate, a model without a price makes a sum incomplete', async () => {
  const { task, run } = await startsTask('Mixed');
  const before = await world.json<RunJson>('run', 'show', run);
  expect(before.cost).toEqual({
    ...{ usd: null, inputTokens: null, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null },
    ...{ estimated: false, incomplete: false },
  });
  uses(run, { model: 'own-1', tokens: { input: 100_000, output: 10_000, cacheRead: 500_000, cacheWrite: 0 } });
  const [listed] = await world.json<RunJson[]>('runs');
  const known = {
    usd: 0.25,
    inputTokens: 100_000,
    outputTokens: 10_000,
    cacheReadTokens: 500_000,
    cacheWriteTokens: 0,
  };
  expect(listed?.cost).toEqual({ ...known, estimated: true, incomplete: false });

  uses(run, { model: 'nobody-knows', at: Date.now() - 3 * 86_400_000 });
  const costs = await world.json('cost', '--by', 'model');
  expect(costs).toMatchObject({
    by: 'model',
    rows: [
      { name: 'own-1', cost: { ...known, estimated: true, incomplete: false } },
      { name: 'nobody-knows', cost: { usd: null, inputTokens: 1_000, incomplete: true } },
    ],
    total: { usd: 0.25, inputTokens: 101_000, estimated: true, incomplete: true },
  });
  const { stdout } = await world.forge('cost');
  expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
    '          input  output  cached  to cache     cost',
    `${task}  101.0k   10.1k  500.0k         0  ≥ $0.25  Mixed`,
    'total    101.0k   10.1k  500.0k         0  ≥ $0.25',
    '',
  ]);
  const groups = ['task', 'agent', 'day', 'run', 'project'];
  const names = await Promise.all(
    groups.map(async (by) =>
      (await world.json<{ rows: { name: string }[] }>('cost', '--by', by)).rows.map(({ name }) => name),
    ),
  );
  expect(names).toEqual([[task], ['ada-agent'], [expect.any(String), expect.any(String)], [run], ['shop']]);
  expect(await world.json('cost', '--since', 'today')).toMatchObject({ total: { usd: 0.25, incomplete: false } });
  expect((await world.forge('cost', '--by', 'agent')).stdout).not.toContain('without');
  uses(run, {}, 'codex');
  expect((await world.forge('cost', '--by', 'agent')).stdout).toMatch(
    /^codex .* {2}without the titles of its conversations, which it does not tell$/m,
  );
  expect(await world.forge('cost', '--since', 'May')).toMatchObject({ status: 2, stdout: '' });
});

test('bad words in a grant change nothing', async () => {
  const { run } = await startsTask('Strict');
  const tried = [
    ['week', '5'],
    ['task', '5'],
    ['day', 'soon', '5'],
    ['run', run, '5'],
    ['day', '0'],
    ['day', 'five'],
  ];
  const results = await Promise.all(tried.map((words) => world.forge('budget', 'grant', ...words)));
  expect(results.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(results[3]?.stderr).toContain('No budget is set for a run');
  expect(store.budgets.grants()).toEqual([]);
});
