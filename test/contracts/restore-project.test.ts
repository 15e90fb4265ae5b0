import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/base/errors.ts';
import { restoreProject } from '../../src/main/restore-project.ts';
import { ProjectWorld } from '../support/project-world.ts';
import { seededRandom } from '../support/random.ts';

const coded = (code: ErrorCode) => expect.objectContaining({ code });
const step = { event: { type: 'x' }, status: 'working', snapshot: { machineVersion: 1, state: {} }, row: {} } as never;

async function lived() {
  const world = await ProjectWorld.make('stealth');
  const folder = join(world.paths.backupsDirectory, 'shop');
  const directory = join(world.root, '.forge');
  for (const title of ['a', 'b']) await world.run(({ store }) => store.tasks.add({ title }));
  const restore = (from: string | null, rest: { isDryRun?: boolean; force?: boolean } = {}) =>
    restoreProject(world.root, folder, { from, isDryRun: false, force: false, ...rest });
  return { world, folder, directory, restore, file: (name: string) => join(directory, name) };
}

test('the newest backup is put back, a dry run says so first, and what was there is kept', async () => {
  const { world, folder, restore, file } = await lived();
  const named = readdirSync(folder).sort().at(-1) as string;
  await world.run(({ store }) => store.tasks.add({ title: 'later' }));
  writeFileSync(file('config.yaml'), 'prefix: fg\nmode: stealth\nlimits: { total: 1 }\n');
  const before = readFileSync(file('forge.db'));
  expect(restore(named, { isDryRun: true })).toMatchObject({ tasks: 2, kept: null });
  expect(readFileSync(file('forge.db'))).toEqual(before);
  const { files, kept } = restore(named);
  expect(files).toEqual([
    { name: 'config.yaml', change: 'replaced' },
    { name: 'tasks.jsonl', change: 'replaced' },
    { name: 'forge.db', change: 'replaced' },
  ]);
  expect(await world.titles()).toEqual(['a', 'b']);
  expect(restore(kept).tasks).toBe(3);
  expect(await world.titles()).toEqual(['a', 'b', 'later']);
  expect(() => restore('2001')).toThrow(coded('backup.missing'));
  expect(() => restore('/nowhere')).toThrow(coded('backup.missing'));
});

test('whoever has the database open meanwhile goes on with what was restored', async () => {
  const { world, restore, directory } = await lived();
  const context = await world.open();
  context.store.tasks.add({ title: 'later' });
  restore(null);
  expect(context.store.tasks.list().map(({ title }) => title)).toEqual(['a', 'b']);
  context.store.tasks.add({ title: 'c' });
  context.dispose();
  expect(await world.titles()).toEqual(['a', 'b', 'c']);
  expect(readdirSync(directory).filter((name) => name.endsWith('.aside'))).toHaveLength(1);
});

test('live runs that a backup does not know are not lost sight of', async () => {
  const { world, restore } = await lived();
  await world.run(({ store }) => {
    const [task] = store.tasks.list();
    store.runs.create({ task: task?.id as string, worker: 'w', agent: 'x' }, () => step);
  });
  const names = readdirSync(join(world.paths.backupsDirectory, 'shop')).sort();
  expect(() => restore(names[0] as string)).toThrow(coded('restore.live'));
  expect(restore(null).runs).toBe(1);
  expect(restore(names[0] as string, { force: true }).runs).toBe(0);
});

test('D2 and D3: the database from the file, and the file from the database', async () => {
  const { world, restore, file } = await lived();
  const lines = readFileSync(file('tasks.jsonl'), 'utf8');
  writeFileSync(file('forge.db'), 'x'.repeat(10_000));
  await expect(world.titles()).rejects.toThrow(coded('store.broken'));
  const report = restore('jsonl');
  expect(report).toMatchObject({
    from: 'forge.db from tasks.jsonl',
    tasks: 2,
    problem: expect.stringContaining('not a database'),
  });
  expect(readFileSync(join(report.kept as string, 'forge.db'), 'utf8')).toBe('x'.repeat(10_000));
  expect(await world.titles()).toEqual(['a', 'b']);
  rmSync(file('tasks.jsonl'));
  writeFileSync(file('tasks.jsonl'), 'torn {');
  expect(restore('database').from).toBe('tasks.jsonl from forge.db');
  expect(readFileSync(file('tasks.jsonl'), 'utf8')).toBe(lines);
  expect(await world.titles()).toEqual(['a', 'b']);
});

/** Seeds of the bytes that are flipped; a failure names its own. */
const seeds = Array.from({ length: Number(process.env.FORGE_FLIPS ?? 5) }, (_, index) => index + 1);

test.each(seeds)('flipped bytes in the database (seed %i) are found, or harmless: no task is lost', async (seed) => {
  const { world, restore, file } = await lived();
  await fill(world, 40);
  const expected = await world.run(({ store }) =>
    store.tasks
      .list()
      .map(({ id }) => id)
      .sort(),
  );
  flip(file('forge.db'), seed, 20);
  const ids = () =>
    world.run(({ store }) =>
      store.tasks
        .list()
        .map(({ id }) => id)
        .sort(),
    );
  const seen = await ids().catch((failure) => {
    expect(failure).toEqual(coded('store.broken'));
    restore(null);
    return ids();
  });
  expect(seen).toEqual(expect.arrayContaining(expected));
});

test.each(seeds)('flipped bytes in tasks.jsonl (seed %i) lose no task', async (seed) => {
  const { world, file } = await lived();
  await fill(world, 20);
  const ids = () => world.run(({ store }) => store.tasks.list().map(({ id }) => id));
  const expected = await ids();
  flip(file('tasks.jsonl'), seed, 10);
  expect(await ids()).toEqual(expect.arrayContaining(expected));
  await world.run(({ store }) => store.tasks.add({ title: 'after' }));
  expect(await ids()).toEqual(expect.arrayContaining(expected));
});

async function fill(world: ProjectWorld, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ id: `fg-n${n}`, title: `t${n}`, body: 'x'.repeat(300), createdAt: n, updatedAt: n }),
  );
  writeFileSync(join(world.root, '.forge/tasks.jsonl'), `${lines.join('\n')}\n`, { flag: 'a' });
  await world.titles();
}

function flip(path: string, seed: number, count: number): void {
  const random = seededRandom(seed);
  const bytes = readFileSync(path);
  for (let n = 0; n < count; n++) {
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  writeFileSync(path, bytes);
}
