import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { openStore } from '../../src/store/open-store.ts';
import { git } from '../support/git-repository.ts';
import { ProjectWorld } from '../support/project-world.ts';
import { configureWorkers, RuntimeWorld } from '../support/runtime-world.ts';
import { until } from '../support/until.ts';

// What others change appears in the view within a second, each time.

const within = { timeoutMs: 1_000, everyMs: 10 };

async function watched() {
  const world = await ProjectWorld.make('standard');
  configureWorkers(world.root, 'fg', 1);
  await world.run(({ store }) => store.tasks.add({ title: 'first' }));
  git(world.root, 'add', '.forge/tasks.jsonl', '.forge/config.yaml');
  git(world.root, 'commit', '-q', '-m', 'tasks');
  const runtimes = new RuntimeWorld(world);
  const view = await runtimes.watch();
  const file = (name: string) => join(world.root, '.forge', name);
  return { world, view, file, titles: () => titlesOf(view) };
}

const titlesOf = ({ tasks }: ProjectView) => tasks.map(({ title }) => title).sort();

test('by another process', async () => {
  const { world, titles } = await watched();
  const directory = join(world.root, '.forge');
  const other = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  other.tasks.add({ title: 'second' });
  await until('it is there', () => titles().includes('second'), within);
  other.dispose();
});

test('by git: what a checkout brings and takes, time after time', async () => {
  const { world, titles } = await watched();
  git(world.root, 'checkout', '-q', '-b', 'other');
  await world.run(({ store }) => store.tasks.add({ title: 'of the other branch' }));
  git(world.root, 'commit', '-q', '-a', '-m', 'more tasks');
  await until('it is there', () => titles().includes('of the other branch'), within);
  for (let round = 0; round < 3; round++) {
    git(world.root, 'checkout', '-q', 'main');
    await until('it is gone', () => !titles().includes('of the other branch'), within);
    git(world.root, 'checkout', '-q', 'other');
    await until('it is back', () => titles().includes('of the other branch'), within);
  }
});

test.each([
  ['in place', (path: string, text: string) => writeFileSync(path, text)],
  [
    'by another file that takes its place',
    (path: string, text: string) => {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    },
  ],
])('by an editor that writes %s, time after time', async (_, save) => {
  const { view, file, titles } = await watched();
  for (const title of ['once', 'twice', 'three times']) {
    const path = file('tasks.jsonl');
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    const task = { ...JSON.parse(line), title, updatedAt: Date.now() };
    save(path, `${JSON.stringify(task)}\n`);
    await until(`${title} is there`, () => titles().includes(title), within);
  }
  for (const worker of ['ada', 'bob', 'eve']) {
    const text = readFileSync(file('config.yaml'), 'utf8').replace(/name: \w+/, `name: ${worker}`);
    save(file('config.yaml'), text);
    await until(`${worker} is there`, () => view.workers.some(({ name }) => name === worker), within);
  }
});

test('batches, which no repository has', async () => {
  const { world, view } = await watched();
  await world.run(({ batches }) => batches.create('spring', []));
  await until('it is there', () => view.batches.some(({ name }) => name === 'spring'), within);
  writeFileSync(world.paths.batchesFile, 'what is this\n', { flag: 'a' });
  await until('the line is told', () => view.problems.some((problem) => problem.includes('line 2')), within);
  expect(view.batches).toHaveLength(1);
});
