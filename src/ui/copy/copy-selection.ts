import type { CopyLines, Position } from './copy-lines.ts';
import { comparePositions } from './copy-search.ts';

export type SelectionKind = 'char' | 'line' | 'block';

export interface Selection {
  /** Where it began; the cursor is its other end. Both are in it. */
  anchor: Position;
  cursor: Position;
  kind: SelectionKind;
}

/** Columns from the first on, up to the second. */
export type Columns = [from: number, to: number];

/** The columns of `line` between two characters, both with; null when there are none. */
export function columnsBetween(lines: CopyLines, start: Position, end: Position, line: number): Columns | null {
  if (line < start.line || line > end.line) return null;
  const from = line === start.line ? start.column : 0;
  const to = line === end.line ? lines.endOfCharacter(end) : lines.cols;
  return from < to ? [from, to] : null;
}

/** The columns of `line` that are selected. A wide character is in a block when its left half is. */
export function selectedColumns(lines: CopyLines, selection: Selection, line: number): Columns | null {
  const { start, end } = ends(selection);
  if (selection.kind === 'char') return columnsBetween(lines, start, end, line);
  if (selection.kind === 'line') {
    return line < lines.firstOf(start.line) || line > lines.lastOf(end.line) ? null : [0, lines.cols];
  }
  if (line < start.line || line > end.line) return null;
  const from = Math.min(start.column, end.column);
  const last = Math.max(start.column, end.column);
  const width = lines.cells(line).width;
  return [width[from] === 0 ? from + 1 : from, width[last] === 2 ? last + 2 : last + 1];
}

/** What is copied: no trailing blanks, lines that were written as one joined, rows of a block below each other. */
export function selectedText(lines: CopyLines, selection: Selection): string {
  const { start, end } = ends(selection);
  const isLine = selection.kind === 'line';
  const first = isLine ? lines.firstOf(start.line) : start.line;
  const last = isLine ? lines.lastOf(end.line) : end.line;
  const left = Math.min(start.column, end.column);
  let text = '';
  for (let line = first; line <= last; line++) {
    const [from, to] = selectedColumns(lines, selection, line) ?? [0, 0];
    // What is cut off at the left edge of a block keeps the columns behind it in line.
    const cut = selection.kind === 'block' && from > left ? ' ' : '';
    const isJoined = selection.kind !== 'block' && line < last && lines.isWrapped(line + 1);
    const row = cut + rowText(lines, line, from, to, isJoined);
    text += isJoined ? row : row.trimEnd() + (line < last ? '\n' : '');
  }
  return text;
}

function rowText(lines: CopyLines, line: number, from: number, to: number, isJoined: boolean): string {
  const cells = lines.cells(line).text;
  if (!isJoined) return cells.slice(from, to).join('');
  return lines.text(line).slice(cells.slice(0, from).join('').length);
}

function ends({ anchor, cursor }: Selection): { start: Position; end: Position } {
  return comparePositions(anchor, cursor) <= 0 ? { start: anchor, end: cursor } : { start: cursor, end: anchor };
}
