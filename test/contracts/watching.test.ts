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

test('by git: what is pulled, time after time', async () => {
  const { world, titles } = await watched();
  const clone = join(world.folder, 'clone');
  git(world.folder, 'clone', '-q', world.root, clone);
  for (const title of ['once', 'twice', 'three times']) {
    edit(join(clone, '.forge/tasks.jsonl'), title);
    git(clone, 'commit', '-q', '-a', '-m', title);
    git(world.root, 'pull', '-q', '--ff-only', clone, 'main');
    await until(`${title} is there`, () => titles().includes(title), within);
  }
});

/** Gives the first task of a file another title, as somebody elsewhere would. */
function edit(path: string, title: string, save: (path: string, text: string) => void = writeFileSync): void {
  const [line = ''] = readFileSync(path, 'utf8').split('\n');
  save(path, `${JSON.stringify({ ...JSON.parse(line), title, updatedAt: Date.now() })}\n`);
}

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
    edit(file('tasks.jsonl'), title, save);
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
