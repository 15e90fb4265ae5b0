import type { PaneLayout } from '../../domain/arrangement.ts';
import { arrangeGrid } from './pane-layout.ts';

/** Part of the width, and of what is left the rest: the first pane is the one that is worked with. */
const mainPart = 0.6;

/** Panes that stand on each other; beside another stack its last column of cells is the border. */
export interface Stack<Pane> {
  cols: number;
  panes: { pane: Pane; rows: number }[];
}

/** Stacks side by side, over the whole width. */
export interface Band<Pane> {
  rows: number;
  stacks: Stack<Pane>[];
}

/** Shares `cols` x `rows` cells out among the panes, to the last cell. */
export function splitPanes<Pane>(layout: PaneLayout, panes: readonly Pane[], cols: number, rows: number): Band<Pane>[] {
  if (layout === 'grid') return grid(panes, cols, rows);
  const [first, ...others] = panes;
  if (layout === 'columns') return [{ rows, stacks: sideBySide(panes, panes.length, cols, rows) }];
  if (layout === 'rows' || first === undefined || others.length === 0) {
    return [{ rows, stacks: [stack(panes, cols, rows)] }];
  }
  const mainCols = Math.round(cols * mainPart);
  return [{ rows, stacks: [stack([first], mainCols, rows), stack(others, cols - mainCols, rows)] }];
}

/** Where each pane is, with its title, from the first cell on; `border`: a line stands behind its last column. */
export interface PlacedPane<Pane> {
  pane: Pane;
  x: number;
  y: number;
  cols: number;
  rows: number;
  border: boolean;
}

export function placePanes<Pane>(bands: readonly Band<Pane>[]): PlacedPane<Pane>[] {
  const placed: PlacedPane<Pane>[] = [];
  let top = 0;
  for (const band of bands) {
    let x = 0;
    for (const [index, stack] of band.stacks.entries()) {
      const border = index < band.stacks.length - 1;
      let y = top;
      for (const { pane, rows } of stack.panes) {
        placed.push({ pane, x, y, cols: stack.cols - Number(border), rows, border });
        y += rows;
      }
      x += stack.cols;
    }
    top += band.rows;
  }
  return placed;
}

function grid<Pane>(panes: readonly Pane[], cols: number, rows: number): Band<Pane>[] {
  const { columns, rows: count } = arrangeGrid(panes.length, cols, rows);
  return Array.from({ length: count }, (_, band) => {
    const height = share(rows, count, band);
    return {
      rows: height,
      stacks: sideBySide(panes.slice(band * columns, (band + 1) * columns), columns, cols, height),
    };
  });
}

/** The last gets what would be others' in a whole band. */
function sideBySide<Pane>(panes: readonly Pane[], columns: number, cols: number, rows: number): Stack<Pane>[] {
  return panes.map((pane, index) => {
    const isLast = index === panes.length - 1;
    return stack([pane], isLast ? cols - offset(cols, columns, index) : share(cols, columns, index), rows);
  });
}

function stack<Pane>(panes: readonly Pane[], cols: number, rows: number): Stack<Pane> {
  return { cols, panes: panes.map((pane, index) => ({ pane, rows: share(rows, panes.length, index) })) };
}

/** Where part `index` of `count` begins when `total` cells are shared out. */
function offset(total: number, count: number, index: number): number {
  return Math.floor((total * index) / count);
}

function share(total: number, count: number, index: number): number {
  return offset(total, count, index + 1) - offset(total, count, index);
}
