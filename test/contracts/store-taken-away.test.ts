import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const writer = join(import.meta.dirname, '../support/store-writer.ts');

function open(directory: string): Store {
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  onTestFinished(() => store.dispose());
  return store;
}

const titles = (store: Store) =>
  store.tasks
    .list()
    .map(({ title }) => title)
    .sort();

test('a database that is taken away while it is open comes back with all that was in it', () => {
  const directory = join(temporaryFolder(), '.forge');
  const store = open(directory);
  store.tasks.add({ title: 'a' });
  store.filters.save({ name: 'only-in-the-database', query: 'is:ready' });
  const revision = store.revision();
  rmSync(directory, { recursive: true });
  expect(titles(store)).toEqual(['a']);
  expect(store.revision()).toBeGreaterThan(revision);
  expect(store.sync().problems).toEqual([expect.stringContaining('was taken away while it was in use')]);
  store.tasks.add({ title: 'b' });
  rmSync(directory, { recursive: true });
  store.tasks.add({ title: 'c' });
  const other = open(directory);
  expect(titles(other)).toEqual(['a', 'b', 'c']);
  expect(other.filters.list()).toMatchObject([{ name: 'only-in-the-database' }]);
  expect(readFileSync(join(directory, 'tasks.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3);
  expect(readdirSync(directory).filter((name) => /tmp|aside/.test(name))).toEqual([]);
});

test('what a queued run waits for is noted in a database that was taken away just then', () => {
  const directory = join(temporaryFolder(), '.forge');
  const store = open(directory);
  const { id: task } = store.tasks.add({ title: 'a' });
  const snapshot = { machineVersion: 1, snapshot: null };
  const first = () => ({ event: { type: 'run.queued' }, status: 'queued' as const, snapshot, row: {} });
  const { id } = store.runs.create({ task, worker: '', agent: '', group: null }, first);
  rmSync(directory, { recursive: true });
  store.runs.setWaits(new Map([[id, 'no worker is free']]));
  expect(store.runs.get(id).reason).toBe('no worker is free');
});

test('two that have it open go on with one and the same file', () => {
  const directory = join(temporaryFolder(), '.forge');
  const [one, two] = [open(directory), open(directory)];
  one.tasks.add({ title: 'a' });
  rmSync(directory, { recursive: true });
  two.tasks.add({ title: 'b' });
  one.tasks.add({ title: 'c' });
  expect(titles(one)).toEqual(['a', 'b', 'c']);
  expect(titles(two)).toEqual(['a', 'b', 'c']);
  expect(readdirSync(directory).filter((name) => name.endsWith('.aside'))).toEqual([]);
});

test('what somebody else put in its place counts, and what was there is kept beside it', () => {
  const folder = temporaryFolder();
  const [directory, elsewhere] = [join(folder, '.forge'), join(folder, 'other')];
  const other = openStore({ directory: elsewhere, prefix: 'fg', clock: Date.now, jsonl: false });
  other.tasks.add({ title: 'theirs' });
  const bytes = other.bytes();
  other.dispose();
  const store = open(directory);
  store.tasks.add({ title: 'ours' });
  rmSync(join(directory, 'forge.db'));
  for (const side of ['-wal', '-shm']) rmSync(join(directory, `forge.db${side}`), { force: true });
  writeFileSync(join(directory, 'forge.db'), bytes);
  expect(store.sync().problems).toEqual([expect.stringContaining('was replaced by another database')]);
  // Tasks of both are there: the file of tasks has ours.
  expect(titles(store)).toEqual(['ours', 'theirs']);
  expect(readdirSync(directory)).toContainEqual(expect.stringMatching(/^forge\.db\..*\.aside$/));
});

test.each(['-wal', '-shm', '-wal -shm'])('side files alone are taken away: %s', (sides) => {
  const directory = join(temporaryFolder(), '.forge');
  const [one, two] = [open(directory), open(directory)];
  one.tasks.add({ title: 'a' });
  for (const side of sides.split(' ')) rmSync(join(directory, `forge.db${side}`));
  // A command that knows nothing of it, before those that have it open look at it again.
  const { status } = spawnSync(process.execPath, [writer, directory, 'command', '1'], { stdio: 'inherit' });
  expect(status).toBe(0);
  two.tasks.add({ title: 'b' });
  one.tasks.add({ title: 'c' });
  for (const store of [one, two, open(directory)]) {
    store.sync();
    expect(titles(store)).toEqual(['a', 'b', 'c', 'command 0']);
  }
});

test('the database alone is taken away: what is beside it is not taken for that of the next one', () => {
  const directory = join(temporaryFolder(), '.forge');
  const [one, two] = [open(directory), open(directory)];
  one.tasks.add({ title: 'a' });
  rmSync(join(directory, 'forge.db'));
  const three = open(directory);
  for (const [store, title] of [
    [two, 'b'],
    [three, 'c'],
    [one, 'd'],
  ] as const)
    store.tasks.add({ title });
  for (const store of [one, two, three]) store.sync();
  for (const store of [one, two, three]) expect(titles(store)).toEqual(['a', 'b', 'c', 'd']);
});

test('it is taken away again and again while several processes write, and no task is lost', async () => {
  const directory = join(temporaryFolder(), '.forge');
  // As the supervisor does: it has the file open for longer than any command.
  const supervisor = open(directory);
  let running = 3;
  const writers = ['a', 'b', 'c'].map(async (name) => {
    const child = spawn(process.execPath, [writer, directory, name, '60'], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = await once(child, 'exit');
    running -= 1;
    return code;
  });
  await until('all of them have it open', () => new Set(titles(supervisor).map((title) => title[0])).size === 3);
  let times = 0;
  for (; running > 0; times += 1) {
    // As `git clean` does: file by file.
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 1 });
    const before = titles(supervisor).length;
    await until('they go on', () => running === 0 || titles(supervisor).length > before + 20);
  }
  expect(await Promise.all(writers)).toEqual([0, 0, 0]);
  expect(times).toBeGreaterThan(1);
  expect(titles(supervisor)).toHaveLength(180);
  supervisor.sync();
  expect(readFileSync(join(directory, 'tasks.jsonl'), 'utf8').trim().split('\n')).toHaveLength(180);
});
