import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

test('a task of another project is found by its prefix from any folder, and projects come and go', async () => {
  await using world = new World();
  const park = join(world.root, 'park');
  mkdirSync(park);
  world.git('clone', '-q', world.repository, park);
  await world.forge('init', '--stealth', '--prefix', 'sp');
  const taken = await world.forgeIn(park, 'init', '--stealth', '--prefix', 'sp');
  expect(taken.status).toBe(4);
  expect(taken.stderr).toContain('forge init --prefix sp2');
  await world.forgeIn(park, 'init', '--stealth', '--prefix', 'pa');
  const { id } = JSON.parse((await world.forgeIn(park, 'task', 'add', 'Plant a tree', '--json')).stdout) as {
    id: string;
  };
  expect((await world.forge('task', 'show', id)).stdout).toContain('Plant a tree');
  expect((await world.forgeIn(world.root, 'task', 'close', id)).status).toBe(0);
  expect((await world.forge('task', 'list')).stdout).not.toContain('Plant a tree');

  expect((await world.forge('config', 'set', 'limits.total', '3')).status).toBe(0);
  expect(readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8')).toMatch(
    /^# yaml-language-server: .*\n# Settings of Forge/,
  );
  expect((await world.forge('config')).stdout).toMatch(/limits\.total +3/);
  expect((await world.forge('config', 'set', 'keys.actions', '{ task.nwe: N }')).status).toBe(0);
  expect((await world.forge('config')).stdout).toMatch(
    /▲ keys\.actions\.task\.nwe: no action has this name\. Did you mean task\.new\?/,
  );
  expect((await world.forge('config', 'set', 'limits.totl', '3')).stderr).toContain('Did you mean total');

  const removed = await world.json<{ backups: string }>('project', 'remove', 'park');
  expect(removed.backups).toContain(join('backups', 'park.'));
  expect((await world.json<{ name: string }[]>('project', 'list')).map(({ name }) => name)).toEqual(['shop']);
  expect((await world.forge('task', 'show', id)).status).toBe(3);
  expect((await world.forge('project', 'add', park)).stdout).toContain('park is known');
  expect((await world.forge('task', 'show', id)).status).toBe(0);
});

test('tasks of all projects are listed and found from any folder, the most urgent first', async () => {
  await using world = new World();
  const park = join(world.root, 'park');
  mkdirSync(park);
  world.git('clone', '-q', world.repository, park);
  await world.forge('init', '--stealth', '--prefix', 'sp');
  await world.forgeIn(park, 'init', '--stealth', '--prefix', 'pa');
  await world.forge('task', 'add', 'Bake apples', '--priority', '1');
  await world.forge('task', 'add', 'Sell apples');
  await world.forgeIn(park, 'task', 'add', 'Pick apples', '--priority', '0');
  const asked = async (...words: string[]) => {
    const { stdout } = await world.forgeIn(world.root, 'task', ...words, '--all-projects', '--json');
    return (JSON.parse(stdout) as { project: string; title: string }[]).map(
      ({ project, title }) => `${project}: ${title}`,
    );
  };
  const all = ['park: Pick apples', 'shop: Bake apples', 'shop: Sell apples'];
  expect(await asked('list')).toEqual(all);
  expect(await asked('list', '--limit', '1', '--offset', '1')).toEqual(all.slice(1, 2));
  expect(await asked('ready', '--limit', '2')).toEqual(all.slice(0, 2));
  expect((await asked('search', 'apples')).toSorted()).toEqual(all);
  rmSync(park, { recursive: true });
  const { stdout, status } = await world.forgeIn(world.root, 'task', 'list', '--all-projects');
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/^shop {2}sp-\S+ {2}P1 {2}ready {2}Bake apples\n.*\npark: /),
  ]);
  const saved = await world.forge('task', 'list', '--where', 'apples', '--save', 'a', '--all-projects');
  expect([saved.status, saved.stderr]).toEqual([2, expect.stringContaining('A filter is saved in one project')]);
});

/** A shop and a park beside it, each with a worker whose agent echoes what it is told, and a task. */
async function twoProjects(world: World) {
  const park = join(world.root, 'park');
  mkdirSync(park);
  world.git('clone', '-q', world.repository, park);
  await world.forge('init', '--stealth', '--prefix', 'fg');
  await world.forgeIn(park, 'init', '--stealth', '--prefix', 'pa');
  world.configure({ ada: { script: '#!/bin/sh\necho "at work on $FORGE_TASK"\nexec cat\n' } }, 'stealth');
  const config = readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8');
  writeFileSync(join(park, '.forge/config.yaml'), config.replace('prefix: fg', 'prefix: pa'));
  const add = async (folder: string, title: string) =>
    (JSON.parse((await world.forgeIn(folder, 'task', 'add', title, '--json')).stdout) as { id: string }).id;
  return { park, sell: await add(world.repository, 'Sell apples'), plant: await add(park, 'Plant a tree') };
}

/** As an agent that told $1.50 would. */
function spend(root: string, run: string): void {
  const store = openStore({ directory: join(root, '.forge'), prefix: 'fg', clock: Date.now, jsonl: false });
  const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  const entry = { key: '1', model: 'm', tokens, usd: 1.5, at: Date.now() };
  store.usage.put({ run, agent: 'ada-agent', conversation: run }, entry);
  store.dispose();
}

test('one dashboard shows all projects, and does what is asked in the project of the selection', async () => {
  await using world = new World();
  const { sell, plant } = await twoProjects(world);
  const terminal = world.open(['tui'], { cwd: world.root });
  await terminal.sees(/PARK +pa/);
  await terminal.sees(/SHOP +fg/);
  await terminal.sees('2 projects, in ');
  await terminal.sees(/○ Plant a tree[\s\S]*○ Sell apples/);
  for (const [keys, name, id] of [
    ['jjjj', 'shop', sell],
    ['kk', 'park', plant],
  ] as const) {
    terminal.press(...keys);
    await terminal.sees(`2 projects, in ${name}`);
    terminal.press('d');
    await terminal.sees('the first that can take it');
    terminal.press('\r');
    await terminal.sees(`at work on ${id}`);
    await terminal.sees(`${name}/ada`);
  }
  // The panes of each stay when another supervisor has to be started for all of them.
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  await until('another supervisor runs', async () => {
    const report = await world.json<{ supervisor: { pid: number } | null }>('host', 'status');
    return report.supervisor !== null && report.supervisor.pid !== supervisor.pid;
  });
  terminal.press('n');
  await terminal.sees('New task');
  terminal.press('Water it', '\r');
  await terminal.sees(/PARK[\s\S]*○ Water it[\s\S]*SHOP/);
  // It lies over the panes for as long as the answer is on its way.
  await terminal.seesNo('New task');
  for (const id of [sell, plant]) expect(terminal.screen).toContain(`at work on ${id}`);

  terminal.press('P');
  await terminal.sees(/forge {2}park/);
  expect(terminal.screen).not.toContain('Sell apples');
  terminal.press('P');
  await terminal.sees(/forge {2}2 projects/);
  terminal.press('q');
  await until('the dashboard is left', () => terminal.exitCode !== null);

  const runs = JSON.parse((await world.forgeIn(world.root, 'runs', '--all-projects', '--json')).stdout);
  expect(runs.map((run: { project: string; task: string }) => [run.project, run.task])).toEqual([
    ['park', plant],
    ['shop', sell],
  ]);
  const sessions = JSON.parse((await world.forgeIn(world.root, 'session', 'list', '--all-projects', '--json')).stdout);
  expect(sessions.map(({ project }: { project: string }) => project).sort()).toEqual(['park', 'shop']);
});

test('from any folder: a batch of two projects, a task that waits for another project, a worktree of it', async () => {
  await using world = new World();
  const { park, sell, plant } = await twoProjects(world);
  const anywhere = (...args: string[]) => world.forgeIn(world.root, ...args);
  expect((await anywhere('task', 'dep', 'add', sell, plant)).stdout).toBe(`${sell} waits for ${plant} (in park).\n`);
  expect((await anywhere('task', 'dep', 'add', plant, sell)).stderr).toContain('that would be a circle');
  expect((await anywhere('batch', 'create', 'spring', sell, plant)).stdout).toBe('Batch spring has 2 tasks.\n');
  expect((await anywhere('batch', 'status', 'spring')).stdout).toMatch(
    new RegExp(`0 of 2\nshop  ${sell}  blocked .*waits for ${plant} \\(in park\\)\npark  ${plant}  ready`),
  );
  expect((await anywhere('dispatch', '--batch', 'spring')).stdout).toContain(`${plant} goes to ada`);
  expect((await anywhere('batch', 'cancel', 'spring')).stdout).toBe(`Run ${plant}-1 is cancelled.\n`);
  world.write('../agents/ada.sh', '#!/bin/sh\nexit 0\n', { isExecutable: true });
  const watched = await anywhere('dispatch', '--batch', 'spring', '--watch');
  expect(watched).toMatchObject({ status: 0, stdout: expect.stringContaining('All ended well.') });
  expect(watched.stdout).toMatch(new RegExp(`${plant} goes to ada[\\s\\S]*${sell} goes to ada`));

  spend(world.repository, `${sell}-1`);
  spend(park, `${plant}-2`);
  const cost = JSON.parse((await anywhere('cost', '--all-projects', '--by', 'batch', '--json')).stdout);
  expect(cost.rows).toMatchObject([{ name: 'spring', cost: { usd: 3 } }]);
  expect((await anywhere('batch', 'status', 'spring')).stdout).toContain('2 of 2, $3.00');

  const first = await world.forgeIn(park, 'worktree', 'shop');
  expect(first.stdout.trim()).toBe(join(world.root, 'f/worktrees/shop/park'));
  expect(world.git('-C', first.stdout.trim(), 'branch', '--show-current')).toBe('park\n');
  expect((await world.forgeIn(park, 'worktree', 'shop')).stdout).toBe(first.stdout);
  expect((await world.forge('worktree', 'shop')).stderr).toContain('belongs to work in this one');
  expect((await world.forge('worktree', 'prune', 'park')).stdout).toMatch(/park +removed/);
});
