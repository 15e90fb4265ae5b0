import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
  world.configure({ ada: { script: '#!/bin/sh\nexit 0\n' }, grace: { script: '#!/bin/sh\nexit 0\n' } });
});
afterEach(() => world.dispose());

interface Status {
  total: number;
  closed: number;
  tasks: { id: string; state: string; note: string }[];
  cost: { usd: number | null };
  budget: { limitUsd: number; level: string } | null;
}

async function add(title: string, ...flags: string[]): Promise<string> {
  return (await world.json<{ id: string }>('task', 'add', title, ...flags)).id;
}

const status = () => world.json<Status>('batch', 'status', 'spring');

/** As an agent that told money would. */
function spend(run: string, usd: number): void {
  const store = openStore({ directory: `${world.repository}/.forge`, prefix: 'fg', clock: Date.now, jsonl: false });
  const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  store.usage.put(
    { run, agent: 'ada-agent', conversation: run },
    { key: '1', model: 'm', tokens, usd, at: Date.now() },
  );
  store.dispose();
}

test('a batch is made, dispatched, followed, and counted', async () => {
  world.write('../f/config.yaml', 'budget: { batchUsd: 1 }\n');
  const [dough, bread, other] = [await add('Dough'), await add('Bread'), await add('Something else')];
  await world.forge('task', 'dep', 'add', bread, dough);
  expect((await world.forge('batch', 'create', 'spring', dough, 'fg-nowhere')).status).toBe(3);
  await world.json('batch', 'create', 'spring', dough);
  await world.json('batch', 'add', 'spring', bread);
  expect(await status()).toMatchObject({
    ...{ total: 2, closed: 0, budget: null },
    tasks: [
      { id: dough, state: 'ready' },
      { id: bread, state: 'blocked', note: `waits for ${dough}` },
    ],
  });
  const { stdout } = await world.forge('batch');
  expect(stdout).toBe('spring  ░░░░░░░░░░░░░░░░░░░░ 0 of 2\n');

  const { runs } = await world.json<{ runs: Run[] }>('dispatch', '--batch', 'spring');
  expect(runs.map(({ task }) => task)).toEqual([dough]);
  await until('the first to be closed', async () => (await status()).closed === 1);
  spend(runs[0]!.id, 1.5);
  const shown = await world.json<{ batch: string }>('run', 'show', runs[0]!.id);
  expect(shown.batch).toBe('spring');
  expect(await status()).toMatchObject({ cost: { usd: 1.5 }, tasks: [{ state: 'closed' }, { state: 'ready' }] });
  const cost = await world.json<{ rows: { name: string }[] }>('cost', '--by', 'batch');
  expect(cost.rows.map(({ name }) => name)).toEqual(['spring']);

  // Its budget is spent: what is in it does not begin, what is not does.
  const refused = await world.forge('dispatch', bread);
  expect(refused).toMatchObject({ status: 5, stderr: expect.stringContaining('The budget of batch spring is spent') });
  expect((await world.forge('dispatch', other)).status).toBe(0);
  await world.forge('budget', 'grant', 'batch', 'spring', '2');
  expect((await status()).budget).toEqual({ limitUsd: 3, level: 'ok' });
  expect((await world.forge('dispatch', '--batch', 'spring')).stdout).toContain(bread);
  await until('all of it to be closed', async () => (await status()).closed === 2);

  await world.json('batch', 'remove', 'spring', bread);
  expect((await status()).total).toBe(1);
  expect((await world.forge('dispatch', '--batch', 'autumn')).status).toBe(3);
});
