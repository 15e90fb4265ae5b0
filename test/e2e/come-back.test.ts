import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run, RunEvent } from '../../src/domain/run.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  const go = join(world.root, 'go');
  world.configure(
    { baker: { script: `#!/bin/sh\nuntil [ -e ${go} ]; do sleep 0.05; done; echo bread > bread.txt\n` } },
    'stealth',
  );
});
afterEach(() => world.dispose());

async function start(): Promise<string> {
  const { id } = await world.json<{ id: string }>('task', 'add', 'Bake bread');
  return (await world.json<{ runs: [Run] }>('dispatch', id)).runs[0].id;
}

type Shown = Run & { events: RunEvent[] };
function reaches(run: string, status: string): Promise<Shown> {
  let shown: unknown;
  return until(
    `${run} is ${status}`,
    async () => {
      const answer = await world.forge('run', 'show', run, '--json');
      shown = answer;
      if (answer.status !== 0) return null;
      const found = JSON.parse(answer.stdout) as Shown;
      return found.status === status && found;
    },
    { shown: () => JSON.stringify(shown, null, 2) },
  );
}

test('`git clean -fdx` under a live run: the supervisor puts all of it back, and the run is delivered', async () => {
  const run = await start();
  await reaches(run, 'working');
  world.git('clean', '-fdxq');
  // At once, before the supervisor can have noticed by itself.
  const list = await world.forge('task', 'list');
  expect(list.stdout).toContain('Bake bread');
  await until('the settings are back', () => existsSync(join(world.repository, '.forge/config.yaml')));
  world.git('clean', '-fdxq');
  await until('it comes back without a command', () =>
    ['config.yaml', 'forge.db', 'tasks.jsonl'].every((name) => existsSync(join(world.repository, '.forge', name))),
  );
  world.write('../go', '');
  const done = await reaches(run, 'done');
  expect(done.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['session.started', 'session.exited', 'delivery.done']),
  );
  expect(world.git('show', `${done.branch}:bread.txt`)).toBe('bread\n');
  expect(world.git('status', '--porcelain')).toBe('');
});

test('`git clean -fdx` and a killed supervisor at once: the run is found again by the next one', async () => {
  const run = await start();
  await reaches(run, 'working');
  // The last backup is a moment older than the last event.
  await until('there is a backup of the run', async () => {
    const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
    const backups = await world.json<{ at: number }[]>('backup', 'list');
    const working = (await reaches(run, 'working')).startedAt ?? 0;
    if (!backups.some(({ at }) => at > working)) return false;
    process.kill(supervisor.pid, 'SIGKILL');
    return true;
  });
  world.git('clean', '-fdxq');
  const shown = await world.forge('run', 'show', run);
  expect(shown.stderr).toContain('had been removed and came back from the backup');
  await world.forge('resume');
  world.write('../go', '');
  await reaches(run, 'done');
});
