import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBatches } from '../../../src/config/batches.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Copies are a test of their own: test/contracts/batch-backups.test.ts. */
const uncopied = { isDue: () => false, settle: () => {} };

function open() {
  const file = join(temporaryFolder(), 'batches.jsonl');
  return { file, batches: openBatches(file, () => 7, uncopied), again: () => openBatches(file, () => 8, uncopied) };
}

const shop = (task: string) => ({ project: 'shop', task });
const park = (task: string) => ({ project: 'park', task });

test('a batch has its tasks, of any project, in the order in which they came, each once', async () => {
  const { batches, again, file } = open();
  expect(await batches.create('spring', [])).toEqual({ name: 'spring', createdAt: 7, tasks: [] });
  await batches.add('spring', [shop('sp-b'), park('pa-a'), park('pa-a')]);
  await again().add('spring', [park('pa-a'), shop('sp-c')]);
  const { tasks } = await batches.remove('spring', [shop('sp-b'), shop('sp-z')]);
  expect(tasks).toEqual([park('pa-a'), shop('sp-c')]);
  expect([batches.of(park('pa-a')), batches.of(shop('pa-a')), batches.of(shop('sp-b'))]).toEqual([
    'spring',
    null,
    null,
  ]);
  expect(readFileSync(file, 'utf8')).toBe(
    '{"name":"spring","createdAt":7,"tasks":[{"project":"park","task":"pa-a"},{"project":"shop","task":"sp-c"}]}\n',
  );
});

test('a task is in one batch at most: who adds it to another changes nothing', async () => {
  const { batches } = open();
  await batches.create('spring', [shop('sp-a')]);
  await batches.create('autumn', []);
  await expect(batches.add('autumn', [shop('sp-b'), shop('sp-a')])).rejects.toThrow('sp-a is in the batch spring.');
  await expect(batches.create('winter', [shop('sp-a')])).rejects.toThrow('sp-a is in the batch spring.');
  expect(batches.list().map(({ name, tasks }) => [name, tasks.length])).toEqual([
    ['autumn', 0],
    ['spring', 1],
  ]);
});

test('one that is there, and one that is not', async () => {
  const { batches } = open();
  await batches.create('spring', []);
  await expect(batches.create('spring', [])).rejects.toThrow('There is a batch spring already.');
  expect(() => batches.get('x')).toThrow('There is no batch x.');
  await expect(batches.add('x', [])).rejects.toThrow('There is no batch x.');
  await expect(batches.remove('x', [shop('sp-a')])).rejects.toThrow('There is no batch x.');
});

test('many at once are all there, and nothing is left beside the file', async () => {
  const { file, batches } = open();
  const names = Array.from({ length: 12 }, (_, index) => `b${index}`);
  await Promise.all(names.map((name) => openBatches(file, () => 1, uncopied).create(name, [shop(`sp-${name}`)])));
  expect(batches.list().map(({ name }) => name)).toEqual([...names].sort());
  expect(readdirSync(join(file, '..'))).toEqual(['batches.jsonl']);
});

test('a line that cannot be read is told with its number and stays; what a later version added stays too', async () => {
  const { file, batches } = open();
  writeFileSync(file, '{"name":"spring","createdAt":1,"tasks":[],"colour":"green"}\n<<<<<<< ours\n');
  expect(batches.list().map(({ name }) => name)).toEqual(['spring']);
  expect(batches.problems()).toEqual([`${file}, line 2, is no batch that can be read. It stays as it is.`]);
  await batches.add('spring', [shop('sp-a')]);
  appendFileSync(file, '{"name":"spring","createdAt":1,"tasks":[]}\n');
  expect(readFileSync(file, 'utf8').split('\n').slice(0, 2)).toEqual([
    '{"name":"spring","createdAt":1,"tasks":[{"project":"shop","task":"sp-a"}],"colour":"green"}',
    '<<<<<<< ours',
  ]);
  expect(batches.problems()).toHaveLength(2);
});

test('those that projects have kept by themselves are taken in, also twice, and of two of one name one is named anew', async () => {
  const { batches } = open();
  const own = [{ name: 'spring', createdAt: 3, tasks: ['x-1', 'x-2'] }];
  expect(await batches.takeIn('shop', own)).toEqual(new Map([['spring', 'spring']]));
  expect(await batches.takeIn('park', own)).toEqual(new Map([['spring', 'spring-park']]));
  expect(await batches.takeIn('shop', own)).toEqual(new Map([['spring', 'spring']]));
  expect(await batches.takeIn('park', own)).toEqual(new Map([['spring', 'spring-park']]));
  expect(batches.list()).toEqual([
    { name: 'spring', createdAt: 3, tasks: [shop('x-1'), shop('x-2')] },
    { name: 'spring-park', createdAt: 3, tasks: [park('x-1'), park('x-2')] },
  ]);
});
