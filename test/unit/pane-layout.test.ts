import { expect, test } from 'vitest';
import { arrangeGrid, windowStart } from '../../src/ui/app/pane-layout.ts';

test.each([
  { count: 1, cols: 160, rows: 48, grid: { columns: 1, rows: 1 } },
  { count: 2, cols: 160, rows: 48, grid: { columns: 1, rows: 2 } },
  { count: 2, cols: 200, rows: 40, grid: { columns: 2, rows: 1 } },
  { count: 4, cols: 160, rows: 48, grid: { columns: 2, rows: 2 } },
  { count: 6, cols: 200, rows: 50, grid: { columns: 3, rows: 2 } },
  { count: 9, cols: 240, rows: 72, grid: { columns: 3, rows: 3 } },
  { count: 2, cols: 52, rows: 20, grid: { columns: 1, rows: 2 } },
])('$count panes in $cols x $rows', ({ count, cols, rows, grid }) => {
  expect(arrangeGrid(count, cols, rows)).toEqual(grid);
});

test('a window follows its cursor and never leaves the list', () => {
  expect([0, 4, 5, 9, 99].map((cursor) => windowStart(100, cursor, 10))).toEqual([0, 0, 0, 4, 90]);
  expect(windowStart(3, 2, 10)).toBe(0);
});
