import { type Arrangement, firstArrangement, type PaneLayout } from '../../domain/arrangement.ts';
import type { SessionView } from '../../domain/session.ts';
import { isShell } from '../../domain/shell.ts';
import { inOrder } from './pane-order.ts';

/** A terminal cell is about twice as high as wide; panes look right near this shape (80 x 24). */
const wantedAspect = 80 / 24;

/** Below this size a pane shows nothing useful: further panes wait off the screen. */
export const paneMin = { cols: 20, rows: 4 } as const;

export interface Grid {
  columns: number;
  rows: number;
}

/** Columns and rows for `count` panes in an area of `cols` x `rows` cells: the grid whose panes are nearest to a terminal's shape. */
export function arrangeGrid(count: number, cols: number, rows: number): Grid {
  let best: Grid = { columns: 1, rows: 1 };
  let bestScore = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const lines = Math.max(1, Math.ceil(count / columns));
    const paneCols = cols / columns;
    const paneRows = rows / lines;
    const isTooSmall = paneCols < paneMin.cols || paneRows < paneMin.rows;
    const empty = columns * lines - count;
    const score = Math.abs(Math.log(paneCols / paneRows / wantedAspect)) + empty * 0.15 + (isTooSmall ? 100 : 0);
    if (score < bestScore) {
      best = { columns, rows: lines };
      bestScore = score;
    }
  }
  return best;
}

/** How many panes can be shown at once in that area. */
export function paneCapacity(cols: number, rows: number, layout: PaneLayout = 'grid'): number {
  const beside = Math.max(1, Math.floor(cols / paneMin.cols));
  const above = Math.max(1, Math.floor(rows / paneMin.rows));
  return { grid: beside * above, main: 1 + above, columns: beside, rows: above }[layout];
}

/**
 * The sessions that have a pane, in their order. Live ones, and an ended one, but for a shell, until it is put away or, unless it
 * is pinned, its worker started another, so that what it said last can be read.
 */
export function paneSessions(
  sessions: readonly SessionView[],
  putAway: ReadonlySet<string>,
  { order, pinned }: Arrangement = firstArrangement,
): SessionView[] {
  const newest = new Map<string, number>();
  const workerOf = ({ labels }: SessionView) => `${labels.project} ${labels.worker}`;
  for (const session of sessions) {
    const worker = workerOf(session);
    newest.set(worker, Math.max(newest.get(worker) ?? 0, session.startedAt));
  }
  const isNewest = (session: SessionView) => session.startedAt === newest.get(workerOf(session));
  const shown = sessions
    .filter((session) => !putAway.has(session.id))
    .filter((session) => session.endedAt === null || !isShell(session))
    .filter((session) => session.endedAt === null || isNewest(session) || pinned.includes(session.id));
  return inOrder(shown, order);
}

/** As many as fit: the pinned ones, then the selected one with its neighbours. */
export function visiblePanes<Pane extends { id: string }>(
  panes: readonly Pane[],
  selected: string | null,
  pinned: readonly string[],
  capacity: number,
): Pane[] {
  // One place is always for the selected pane.
  const kept = panes.filter(({ id }) => pinned.includes(id)).slice(0, capacity - 1);
  const others = panes.filter((pane) => !kept.includes(pane));
  const cursor = others.findIndex(({ id }) => id === selected);
  const start = windowStart(others.length, Math.max(0, cursor), capacity - kept.length);
  const shown = others.slice(start, start + capacity - kept.length);
  return panes.filter((pane) => kept.includes(pane) || shown.includes(pane));
}

/** The part of a list that is shown so that the cursor is in it: first index for a window of `height` rows. */
export function windowStart(length: number, cursor: number, height: number): number {
  if (length <= height) return 0;
  return Math.min(Math.max(0, cursor - Math.floor(height / 2)), length - height);
}
