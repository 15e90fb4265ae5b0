import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open() {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => 7, jsonl: false });
  onTestFinished(() => store.dispose());
  return store.batches;
}

test('a batch has its tasks in the order in which they came, each once', () => {
  const batches = open();
  expect(batches.create('spring')).toEqual({ name: 'spring', createdAt: 7, tasks: [] });
  batches.add('spring', ['fg-b', 'fg-a']);
  batches.add('spring', ['fg-a', 'fg-c']);
  expect(batches.remove('spring', ['fg-b', 'fg-z']).tasks).toEqual(['fg-a', 'fg-c']);
  expect([batches.of('fg-a'), batches.of('fg-b')]).toEqual(['spring', null]);
});

test('a task is in one batch at most: who adds it to another adds nothing', () => {
  const batches = open();
  for (const name of ['spring', 'autumn']) batches.create(name);
  batches.add('spring', ['fg-a']);
  expect(() => batches.add('autumn', ['fg-b', 'fg-a'])).toThrow('fg-a is in the batch spring.');
  expect(batches.list().map(({ name, tasks }) => [name, tasks])).toEqual([
    ['autumn', []],
    ['spring', ['fg-a']],
  ]);
});

test('one that is there, and one that is not', () => {
  const batches = open();
  batches.create('spring');
  expect(() => batches.create('spring')).toThrow('There is a batch spring already.');
  for (const act of [() => batches.get('x'), () => batches.add('x', []), () => batches.remove('x', ['fg-a'])]) {
    expect(act).toThrow('There is no batch x.');
  }
});
