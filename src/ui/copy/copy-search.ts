import type { CopyLines, Position } from './copy-lines.ts';

/** A place where the text stands: its first and its last character. */
export interface Match {
  start: Position;
  end: Position;
}

/** The newest matches are kept: one letter in 20,000 full lines would be a million of them. */
export const matchesMax = 10_000;

/** Where `text` stands, oldest first; case counts when it has a capital letter. Lines that were written as one are searched as one. */
export function findMatches(lines: CopyLines, text: string): Match[] {
  if (text === '') return [];
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), /\p{Lu}/u.test(text) ? 'gu' : 'giu');
  const matches: Match[] = [];
  for (let last = lines.count - 1; last >= 0 && matches.length < matchesMax; ) {
    const first = lines.firstOf(last);
    const rows = Array.from({ length: last - first + 1 }, (_, row) => lines.text(first + row));
    const found = [...rows.join('').matchAll(pattern)].reverse();
    for (const { index, 0: match } of found) {
      const start = placeOf(lines, first, rows, index);
      matches.push({ start, end: placeOf(lines, first, rows, index + match.length - 1) });
    }
    last = first - 1;
  }
  return matches.slice(0, matchesMax).reverse();
}

/** The next match behind (1) or before (-1) `from`, round the ends; null when there is none. */
export function nextMatch(matches: readonly Match[], from: Position, direction: 1 | -1): number | null {
  if (matches.length === 0) return null;
  const isBehind = ({ start }: Match) => comparePositions(start, from) > 0;
  const behind = matches.findIndex(isBehind);
  if (direction > 0) return behind === -1 ? 0 : behind;
  const before = matches.findLastIndex(({ start }) => comparePositions(start, from) < 0);
  return before === -1 ? matches.length - 1 : before;
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** The cell of the character at `index` of the joined `rows`, the first of which is line `first`. */
function placeOf(lines: CopyLines, first: number, rows: readonly string[], index: number): Position {
  let line = first;
  let rest = index;
  while (rest >= (rows[line - first]?.length ?? 0) && line - first + 1 < rows.length) {
    rest -= rows[line - first]?.length ?? 0;
    line++;
  }
  return { line, column: columnOf(lines, line, rows[line - first] ?? '', rest) };
}

const oneColumnEach = /^[\x20-\x7e]*$/;

function columnOf(lines: CopyLines, line: number, text: string, index: number): number {
  if (oneColumnEach.test(text)) return index;
  const cells = lines.cells(line);
  let length = 0;
  for (let column = 0; column < lines.cols; column++) {
    length += cells.text[column]?.length ?? 0;
    if (length > index) return column;
  }
  return lines.lastColumn(line);
}
