import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { taskExport, taskImport } from '../../src/app/operations/task/exchange.ts';
import { openProjectRegistry } from '../../src/config/projects.ts';
import { whyNotReady } from '../../src/domain/task.ts';
import { ProjectWorld } from '../support/project-world.ts';

/** In the shop a task that waits for one of the park. */
async function waiting() {
  const world = await ProjectWorld.make('standard');
  const park = await world.add('park', 'pa');
  const plant = await world.run(({ store }) => store.tasks.add({ title: 'Plant a tree' }).id, park);
  const sell = await world.run(({ store }) => store.tasks.add({ title: 'Sell apples', dependsOn: [plant] }).id);
  const look = () =>
    world.run(({ store }) => {
      const task = store.tasks.get(sell);
      return { isReady: store.tasks.ready().some(({ id }) => id === sell), why: task.isReady ? '' : whyNotReady(task) };
    });
  return { world, park, plant, sell, look };
}

test('a task waits for one of another project until that is closed, and again when it is opened', async () => {
  const { world, park, plant, sell, look } = await waiting();
  expect(await look()).toEqual({ isReady: false, why: `waits for ${plant} (in park)` });
  expect(await world.run(({ store }) => store.tasks.claim('ada', null))).toBe(null);
  await world.run(({ store }) => store.tasks.close(plant), park);
  expect(await look()).toEqual({ isReady: true, why: '' });
  await world.run(({ store }) => store.tasks.reopen(plant), park);
  expect((await look()).isReady).toBe(false);
  await world.run(({ store }) => store.tasks.removeDependency(sell, plant));
  expect((await look()).isReady).toBe(true);
});

test('one that is open sees the other closed at once, and can tell cheaply that it is to look', async () => {
  const { world, park, plant, sell } = await waiting();
  const [shop, other] = [await world.open(), await world.open(park)];
  try {
    expect(shop.store.tasks.get(sell).blockedBy).toEqual([plant]);
    const [state, revision] = [shop.store.elsewhere(), shop.store.revision()];
    other.store.tasks.close(plant);
    expect(shop.store.tasks.get(sell)).toMatchObject({ blockedBy: [], isReady: true });
    expect(shop.store.elsewhere()).not.toBe(state);
    expect(shop.store.revision()).toBe(revision);
  } finally {
    shop.dispose();
    other.dispose();
  }
});

test('its line says what it waits for, and not where that is or how it stands', async () => {
  const { world, plant, sell } = await waiting();
  const linesOf = () => readFileSync(join(world.root, '.forge/tasks.jsonl'), 'utf8').trim().split('\n');
  const [line = ''] = linesOf();
  expect(JSON.parse(line)).toMatchObject({ id: sell, dependsOn: [plant] });
  expect(line).not.toContain('blocked');
  writeFileSync(
    join(world.root, '.forge/tasks.jsonl'),
    `${line.slice(0, -1)},"blockedOutside":{"${plant}":"in park"}}\n`,
  );
  expect(JSON.stringify(await world.run(({ store }) => store.export()))).not.toContain('blocked');
  await world.run(({ store }) => store.tasks.edit(sell, { body: 'Red ones.' }));
  expect(linesOf().join()).not.toContain('blocked');
});

test('a project that was removed, is elsewhere, or has lost its data blocks, and it is said why', async () => {
  const { world, park, plant, look } = await waiting();
  await world.run(({ store }) => store.tasks.close(plant), park);
  const database = join(park, '.forge/forge.db');
  renameSync(database, `${database}.away`);
  expect((await look()).why).toContain(`waits for ${plant} (the project park has no data of Forge at ${park})`);
  renameSync(`${database}.away`, database);
  expect((await look()).isReady).toBe(true);
  renameSync(park, `${park}-moved`);
  expect((await look()).why).toContain(`the project park is not at ${park} any more`);
  renameSync(`${park}-moved`, park);
  await openProjectRegistry(world.paths.projectsFile).remove('park');
  expect(await look()).toEqual({ isReady: false, why: `waits for ${plant} (no project here has the prefix pa)` });
});

test('a circle through another project is refused and shown', async () => {
  const { world, park, plant, sell } = await waiting();
  const dig = await world.run(({ store }) => store.tasks.add({ title: 'Dig' }).id, park);
  await world.run(({ store }) => store.tasks.addDependency(plant, dig), park);
  const add = world.run(({ store }) => store.tasks.addDependency(dig, sell), park);
  await expect(add).rejects.toThrow(`that would be a circle: ${dig} → ${sell} → ${plant} → ${dig}`);
  const other = await world.run(({ store }) => store.tasks.add({ title: 'Other' }).id);
  await world.run(({ store }) => store.tasks.addDependency(dig, other), park);
});

test('of two that would close a circle from two projects at the same instant, one is refused', async () => {
  const world = await ProjectWorld.make('standard');
  const park = await world.add('park', 'pa');
  const addAll = (root: string) =>
    world.run(({ store }) => Array.from({ length: 30 }, (_, n) => store.tasks.add({ title: `${n}` }).id), root);
  const [ours, theirs] = [await addAll(world.root), await addAll(park)];
  const meeting = join(world.folder, 'meeting');
  mkdirSync(meeting);
  const script = join(import.meta.dirname, '../support/dependency-adder.ts');
  const add = async (root: string, me: string, other: string, from: string[], to: string[]) => {
    const pairs = from.map((id, n) => `${id},${to[n]}`);
    const arguments_ = [script, world.paths.home, root, meeting, me, other, ...pairs];
    const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse(await text(child.stdout)) as string[];
  };
  const [shop, other] = await Promise.all([
    add(world.root, 'shop', 'park', ours, theirs),
    add(park, 'park', 'shop', theirs, ours),
  ]);
  expect(shop.map((answer, n) => [answer, other[n]].toSorted())).toEqual(ours.map(() => ['task.cycle', 'waits']));
});

test('one that the other project does not have is refused, with the reason', async () => {
  const { world, sell } = await waiting();
  const add = (id: string) => world.run(({ store }) => store.tasks.addDependency(sell, id));
  await expect(add('pa-none')).rejects.toThrow('there is no task pa-none: the project park has no such task');
  await expect(add('zz-none')).rejects.toThrow('there is no task zz-none: no project here has the prefix zz');
});

test.each(['jsonl', 'csv'] as const)('an export as %s and its import keep it', async (format) => {
  const { world, park, plant, sell } = await waiting();
  const content = await world.run((context) => taskExport.run(context, { format }));
  const copy = await world.add('copy', 'fg');
  rmSync(join(copy, '.forge/tasks.jsonl'), { force: true });
  const imported = { path: `/tasks.${format}`, content, format, isDryRun: false };
  await world.run((context) => taskImport.run(context, imported), copy);
  const [task] = await world.run(({ store }) => store.tasks.list(), copy);
  expect(task).toMatchObject({ title: 'Sell apples', dependsOn: [plant], blockedBy: [plant], isReady: false });
  expect(sell.startsWith('fg-')).toBe(true);
  await world.run(({ store }) => store.tasks.close(plant), park);
  expect(await world.run(({ store }) => store.tasks.ready(), copy)).toHaveLength(1);
});
