import { expect, test } from 'vitest';
import { mergeOrder, sharing } from '../../src/domain/overlap.ts';

test('each pair that shares a file is found once', () => {
  const files = new Map([
    ['bread', ['a', 'b', 'c']],
    ['cake', ['b', 'c']],
    ['tart', ['d']],
    ['you', ['c', 'd']],
  ]);
  expect(sharing(files)).toEqual([
    ['bread', 'cake'],
    ['bread', 'you'],
    ['cake', 'you'],
    ['tart', 'you'],
  ]);
  expect(sharing(new Map())).toEqual([]);
});

const orders: [what: string, runs: string[], conflicts: [string, string][], order: string[]][] = [
  ['nothing conflicts: as they come', ['a', 'b', 'c'], [], ['a', 'b', 'c']],
  ['of two the first', ['a', 'b'], [['b', 'a']], ['a', 'b']],
  [
    'a star: its middle last',
    ['m', 'a', 'b', 'c'],
    [
      ['m', 'a'],
      ['m', 'b'],
      ['m', 'c'],
    ],
    ['a', 'b', 'c', 'm'],
  ],
  [
    'a chain: every second one',
    ['a', 'b', 'c', 'd', 'e'],
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
      ['d', 'e'],
    ],
    ['a', 'c', 'e', 'b', 'd'],
  ],
  [
    'what is against somebody else counts for nothing',
    ['a', 'b'],
    [
      ['a', 'you'],
      ['a', 'main'],
    ],
    ['a', 'b'],
  ],
];
test.each(orders)('order of merging, %s', (_, runs, conflicts, order) => {
  expect(mergeOrder(runs, conflicts)).toEqual(order);
});
