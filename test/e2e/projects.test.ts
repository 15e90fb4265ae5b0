import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
