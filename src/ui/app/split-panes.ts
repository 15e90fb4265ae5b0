import type { PaneLayout } from '../../domain/arrangement.ts';
import { arrangeGrid } from './pane-layout.ts';

/** Part of the width, and of what is left the rest: the first pane is the one that is worked with. */
const mainPart = 0.6;

interface Area {
  x: number;
  y: number;
  cols: number;
  rows: number;
}

/** Where a pane is, with its title. */
export interface PanePlace<Pane> extends Area {
  pane: Pane;
  /** Another one is beside it: the column behind it is the line between them. */
  hasLine: boolean;
}

/** Shares `cols` x `rows` cells out among the panes, to the last cell. */
export function splitPanes<Pane>(
  layout: PaneLayout,
  panes: readonly Pane[],
  cols: number,
  rows: number,
): PanePlace<Pane>[] {
  const area = { x: 0, y: 0, cols, rows };
  const [first, ...others] = panes;
  if (layout === 'grid') return grid(panes, area);
  if (layout === 'columns') return sideBySide(panes, panes.length, area);
  if (layout === 'rows' || first === undefined || others.length === 0) return onEachOther(panes, area);
  const mainCols = Math.round(cols * mainPart);
  return [
    ...onEachOther([first], { ...area, cols: mainCols }, true),
    ...onEachOther(others, { ...area, x: mainCols, cols: cols - mainCols }),
  ];
}

function grid<Pane>(panes: readonly Pane[], { cols, rows }: Area): PanePlace<Pane>[] {
  const { columns, rows: count } = arrangeGrid(panes.length, cols, rows);
  return Array.from({ length: count }, (_, band) => {
    const area = { x: 0, y: offset(rows, count, band), cols, rows: share(rows, count, band) };
    return sideBySide(panes.slice(band * columns, (band + 1) * columns), columns, area);
  }).flat();
}

/** The last gets what would be others' in a whole band. */
function sideBySide<Pane>(panes: readonly Pane[], columns: number, area: Area): PanePlace<Pane>[] {
  return panes.flatMap((pane, index) => {
    const isLast = index === panes.length - 1;
    const x = offset(area.cols, columns, index);
    const cols = isLast ? area.cols - x : share(area.cols, columns, index);
    return onEachOther([pane], { ...area, x, cols }, !isLast);
  });
}

function onEachOther<Pane>(panes: readonly Pane[], area: Area, hasLine = false): PanePlace<Pane>[] {
  return panes.map((pane, index) => ({
    pane,
    x: area.x,
    y: area.y + offset(area.rows, panes.length, index),
    cols: area.cols - Number(hasLine),
    rows: share(area.rows, panes.length, index),
    hasLine,
  }));
}

/** Where part `index` of `count` begins when `total` cells are shared out. */
function offset(total: number, count: number, index: number): number {
  return Math.floor((total * index) / count);
}

function share(total: number, count: number, index: number): number {
  return offset(total, count, index + 1) - offset(total, count, index);
}
