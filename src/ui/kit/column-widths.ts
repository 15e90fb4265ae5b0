import type { Column } from '../app/view.ts';

/** Blanks between two columns. */
export const columnGap = 2;

/** A column that is shown, with the cells of the terminal that it has. */
export interface ShownColumn {
  column: Column;
  /** Which of a line's cells stands in it. */
  index: number;
  cols: number;
}

/** Those that there is room for; what is left over goes to those that grow, and then to the last. */
export function shownColumns(columns: readonly Column[], cols: number): ShownColumn[] {
  const shown = columns
    .map((column, index) => ({ column, index, cols: column.cols }))
    .filter(({ column }) => (column.from ?? 0) <= cols);
  const growing = shown.filter(({ column }) => column.grows);
  let left = cols - shown.reduce((sum, column) => sum + column.cols, 0) - columnGap * (shown.length - 1);
  growing.forEach((column, index) => {
    const more = Math.min(Math.floor(left / (growing.length - index)), (column.column.most ?? cols) - column.cols);
    // Too narrow for all of it: those that grow shrink as well.
    column.cols = Math.max(0, column.cols + more);
    left -= more;
  });
  const last = shown.at(-1);
  if (last && left > 0) last.cols += left;
  return shown;
}
