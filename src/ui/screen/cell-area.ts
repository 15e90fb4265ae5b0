import { type CellBuffer, sameExtra } from '../../domain/cells.ts';

/** A rectangle in columns and rows from 0. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The part of `rect` inside `cols` x `rows`; width or height is 0 when nothing is. */
export function clipRect(rect: Rect, cols: number, rows: number): Rect {
  const x = Math.min(Math.max(rect.x, 0), cols);
  const y = Math.min(Math.max(rect.y, 0), rows);
  const width = Math.max(0, Math.min(rect.x + rect.width, cols) - x);
  const height = Math.max(0, Math.min(rect.y + rect.height, rows) - y);
  return { x, y, width, height };
}

export function holdsCell({ x, y, width, height }: Rect, column: number, row: number): boolean {
  return column >= x && column < x + width && row >= y && row < y + height;
}

export function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Copies `area` of `source` to the same place in `target`, clipped to both. */
export function copySameArea(source: CellBuffer, target: CellBuffer, area: Rect): void {
  copyArea(source, area.x, area.y, target, area);
}

/** Copies the cells of `source` from `fromX`, `fromY` on into `area` of `target`, clipped to both. */
export function copyArea(source: CellBuffer, fromX: number, fromY: number, target: CellBuffer, area: Rect): void {
  const clipped = clipRect(area, target.cols, target.rows);
  const sourceX = fromX + clipped.x - area.x;
  const width = Math.min(clipped.width, source.cols - sourceX);
  for (let row = 0; row < clipped.height; row++) {
    const sourceY = fromY + clipped.y - area.y + row;
    if (sourceY < 0 || sourceY >= source.rows) continue;
    const from = sourceY * source.cols + sourceX;
    const to = (clipped.y + row) * target.cols + clipped.x;
    for (let column = 0; column < width; column++) copyCell(source, from + column, target, to + column);
  }
}

export function copyCell(source: CellBuffer, from: number, target: CellBuffer, to: number): void {
  target.text[to] = source.text[from];
  target.width[to] = source.width[from];
  target.foreground[to] = source.foreground[from];
  target.background[to] = source.background[from];
  target.attributes[to] = source.attributes[from];
  target.extra[to] = source.extra[from];
}

export function sameCell(a: CellBuffer, at: number, b: CellBuffer, index: number): boolean {
  return (
    a.text[at] === b.text[index] &&
    a.width[at] === b.width[index] &&
    a.foreground[at] === b.foreground[index] &&
    a.background[at] === b.background[index] &&
    a.attributes[at] === b.attributes[index] &&
    (a.extra[at] === b.extra[index] || sameExtra(a.extra[at], b.extra[index]))
  );
}

/** Fills `area` with one narrow character. */
export function fillArea(target: CellBuffer, area: Rect, text: string, foreground = 0, attributes = 0): void {
  const { x, y, width, height } = clipRect(area, target.cols, target.rows);
  for (let row = y; row < y + height; row++) {
    const start = row * target.cols + x;
    for (let index = start; index < start + width; index++) target.set(index, text, 1, foreground, 0, attributes);
  }
}

/**
 * Clipping and covering cut wide characters in half. Afterwards each half in row `y` without its other half is a blank,
 * and both halves of a whole one have the same colours.
 */
export function repairWideCells(buffer: CellBuffer, y: number): void {
  const { cols, width } = buffer;
  for (let index = y * cols; index < (y + 1) * cols; index++) {
    if (width[index] === 1) continue;
    const isWhole = width[index] === 2 && (index + 1) % cols !== 0 && width[index + 1] === 0;
    if (isWhole) {
      copyCell(buffer, index, buffer, index + 1);
      buffer.text[index + 1] = '';
      width[index + 1] = 0;
      index++;
    } else {
      buffer.text[index] = ' ';
      width[index] = 1;
    }
  }
}
