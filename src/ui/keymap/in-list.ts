import type { DashboardModel } from '../app/dashboard-model.ts';
import type { Line } from '../app/view.ts';

/** Lines that a step of the wheel moves. */
const wheelLines = 3;

/** Moves the selection of the view that is shown; in a board also to the group beside. */
function move(model: DashboardModel, dx: number, dy: number): void {
  const { listing } = model;
  if (!listing || listing.lines.length === 0) return;
  if (!model.state.showing?.isBoard) select(model, listing.cursor + dy);
  else if (dy !== 0) moveInGroup(model, listing.lines, listing.cursor, dy);
  else moveToGroup(model, listing.lines, listing.cursor, dx);
}

function moveInGroup(model: DashboardModel, lines: readonly Line[], cursor: number, dy: number): void {
  const own = linesOf(lines, lines[cursor]?.group);
  const to = own[clamp(own.indexOf(cursor) + dy, own.length)];
  if (to !== undefined) select(model, to);
}

/** To the next group that has lines, at the same height. */
function moveToGroup(model: DashboardModel, lines: readonly Line[], cursor: number, dx: number): void {
  const groups = (model.state.showing?.groups ?? []).map(({ id }) => linesOf(lines, id));
  const from = groups.findIndex((indexes) => indexes.includes(cursor));
  const beyond = dx > 0 ? groups.slice(from + 1) : groups.slice(0, Math.max(0, from)).reverse();
  const next = beyond.find((indexes) => indexes.length > 0);
  const height = groups[from]?.indexOf(cursor) ?? 0;
  if (next) select(model, next[clamp(height, next.length)] ?? cursor);
}

function linesOf(lines: readonly Line[], group: string | undefined): number[] {
  return lines.flatMap((line, index) => (line.group === group ? [index] : []));
}

/** The line of that index, or the nearest. */
function select(model: DashboardModel, index: number): void {
  const lines = model.listing?.lines ?? [];
  const at = clamp(index, lines.length);
  const line = lines[at];
  if (line) model.setPlace({ selected: line.key, index: at });
}

function wheel(model: DashboardModel, direction: -1 | 1): void {
  if (model.state.dialog === null) move(model, 0, direction * wheelLines);
}

function page(model: DashboardModel, direction: -1 | 1): void {
  move(model, 0, direction * Math.max(1, model.pageRows - 1));
}

function sort(model: DashboardModel): void {
  const count = model.state.showing?.columns.filter((column) => column.isSorted).length ?? 0;
  model.setPlace({ sort: (model.place.sort + 1) % (count + 1) });
}

function isSortable(model: DashboardModel): boolean {
  return model.state.showing?.columns.some((column) => column.isSorted) === true;
}

/** Without the filter, at the same line. */
function showAll(model: DashboardModel): void {
  model.set({ isFiltering: false });
  model.setPlace({ filter: '' });
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(index, length - 1));
}

export const inList = { move, select, wheel, page, sort, isSortable, showAll };
