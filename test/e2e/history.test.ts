import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/run.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** A world in which one run is over. */
async function worldAfterRun(): Promise<{ world: World; run: string }> {
  const world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ bo: { script: '#!/bin/sh\necho work >>README.md\n' } }, 'stealth');
  const { id } = await world.json<{ id: string }>('task', 'add', 'Sort the list');
  await world.json('dispatch', id);
  const run = await until('the run is over', async () => {
    const [newest] = await world.json<{ id: string; status: string }[]>('runs');
    return newest?.status === 'done' && newest.id;
  });
  return { world, run };
}

test('every event of a run says who, why and by which command', async () => {
  const { world, run } = await worldAfterRun();
  await using _ = world;
  const events = await world.json<RunEvent[]>('run', 'show', run, '--events');
  const told = events.map(({ type, actor, cause }) => [type, actor, cause]);
  expect(told.slice(0, 4)).toEqual([
    ['run.queued', 'person:ada', null],
    ['run.started', 'supervisor', 'event 1'],
    ['worktree.prepared', 'supervisor', 'event 2'],
    ['session.started', 'host', 'event 3'],
  ]);
  expect(new Set(events.map(({ correlation }) => correlation)).size).toBe(1);
  expect(events[0]?.correlation).toMatch(/^[a-z2-9]{10}$/);
  const { stdout } = await world.forge('run', 'show', run);
  expect(stdout).toMatch(/preparing +\d+s +run\.started +supervisor/);
});

test('a command has an id of its own, also for a run that another began', async () => {
  await using world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ bo: { script: '#!/bin/sh\nsleep 600\n' } }, 'stealth');
  const { id } = await world.json<{ id: string }>('task', 'add', 'Sort the list');
  await world.json('dispatch', id);
  await until('it works', async () => (await world.json<{ status: string }[]>('runs'))[0]?.status === 'working');
  await world.json('cancel', id);
  const events = await world.json<RunEvent[]>('run', 'show', id, '--events');
  const ids = new Map(events.map(({ type, correlation }) => [type, correlation]));
  expect(ids.get('run.cancelled')).not.toBe(ids.get('run.queued'));
  expect(ids.get('worktree.prepared')).toBe(ids.get('run.queued'));
});

test('an exported run is replayed anywhere, in either form, and a changed one is told apart', async () => {
  const { world, run } = await worldAfterRun();
  await using _ = world;
  const replayed = await world.forge('run', 'replay', run);
  expect({ status: replayed.status, text: replayed.stdout }).toEqual({
    status: 0,
    text: expect.stringMatching(/^The \d+ events of run fg-\w+-1 make of it what is stored: it is done\.\n$/),
  });
  for (const form of [[], ['--jsonl']]) {
    const { stdout } = await world.forge('run', 'export', run, ...form);
    writeFileSync(join(world.root, 'run.txt'), stdout);
    // No repository is there.
    expect((await world.forgeIn(world.root, 'run', 'replay', 'run.txt')).status).toBe(0);
    writeFileSync(join(world.root, 'run.txt'), stdout.replace(/"status": ?"done"/, '"status":"failed"'));
    const changed = await world.forgeIn(world.root, 'run', 'replay', 'run.txt', '--json');
    expect(changed.status).toBe(5);
    expect(JSON.parse(changed.stdout).differences).toContain('status is "failed", by its events "done"');
  }
  const bad = await world.forgeIn(world.root, 'run', 'replay', 'f/projects.yaml');
  expect({ status: bad.status, told: bad.stderr }).toEqual({
    status: 2,
    told: expect.stringContaining('That is no exported run'),
  });
});
