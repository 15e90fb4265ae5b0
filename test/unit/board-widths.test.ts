import { expect, test } from 'vitest';
import { boardWidths } from '../../src/ui/kit/board-widths.ts';

test.each([
  ['all have cards', [1, 1, 1, 1, 1, 1], 0, 120, { first: 0, widths: [20, 20, 20, 20, 20, 20] }],
  ['empty ones give way', [1, 0, 4, 0, 0, 2], 2, 120, { first: 0, widths: [28, 12, 28, 12, 12, 28] }],
  ['all fit a small screen', [3, 0, 0, 0, 0, 0], 0, 80, { first: 0, widths: [20, 12, 12, 12, 12, 12] }],
  ['those that do not fit wait on the left', [1, 1, 1, 1, 1, 1], 5, 80, { first: 2, widths: [20, 20, 20, 20] }],
  ['none has cards', [0, 0, 0], -1, 60, { first: 0, widths: [20, 20, 20] }],
  ['less room than for one', [1, 1], 1, 15, { first: 1, widths: [15] }],
])('%s', (_name, counts, selected, cols, expected) => {
  const columns = counts.map((count) => ({ title: 'COLUMN1', count }));
  expect(boardWidths(columns, selected, cols)).toEqual(expected);
});
