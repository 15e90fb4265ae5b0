import { expect, test } from 'vitest';
import { shownColumns } from '../../src/ui/kit/column-widths.ts';

const columns = [
  { title: 'task', cols: 0, grows: true, most: 80 },
  { title: 'id', cols: 10 },
  { title: 'waits for', cols: 24, from: 110 },
];

test.each([
  ['what there is no room for is left out', 70, [58, 10]],
  ['what grows gets the rest', 118, [80, 10, 24]],
  ['and no more than it can use, so that what belongs together stays together', 198, [80, 10, 104]],
  ['too narrow for all of it', 8, [0, 10]],
])('%s', (_name, cols, expected) => {
  expect(shownColumns(columns, cols).map((shown) => shown.cols)).toEqual(expected);
});
