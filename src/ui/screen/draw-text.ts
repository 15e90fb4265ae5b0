import { plainText } from '../../base/text.ts';
import type { CellBuffer } from '../../domain/cells.ts';
import { graphemeWidth } from './grapheme-width.ts';

/** How cells look, in the encoding of `CellBuffer`. */
export interface Look {
  foreground: number;
  background: number;
  attributes: number;
}

/** Columns from one tab stop to the next. */
const tabCols = 4;
/** UTF-16 units of a line that are drawn: nobody scrolls further to the side. */
export const lineLengthMax = 4_000;
/** Where the text goes on beyond its columns. */
const more = '…';

/** A place in one row of cells. */
export interface Stretch {
  target: CellBuffer;
  x: number;
  y: number;
  cols: number;
}

/** Which columns of a text are shown: from the first on, up to the second without a mark that it goes on. */
interface Shown {
  from?: number;
  to?: number;
}

/**
 * Draws a line of any text, made harmless, and blanks behind it. `lookAt` tells how the code unit at that place looks, and the blanks
 * by the length of the text.
 */
export function drawText(
  { target, x, y, cols }: Stretch,
  text: string,
  lookAt: (at: number) => Look,
  shown: Shown = {},
) {
  const { from = 0, to = Number.POSITIVE_INFINITY } = shown;
  const row = y * target.cols;
  const end = Math.min(x + cols, target.cols, x + to - from);
  const last = Math.min(x + cols, target.cols);
  const blank = (start: number, stop: number, look: Look) => {
    for (let at = start; at < stop; at++)
      target.set(row + at, ' ', 1, look.foreground, look.background, look.attributes);
  };
  let next = x;
  const read = walkCells(text, (cell, width, column, at) => {
    const place = x + column - from;
    if (place >= end) return false;
    const look = lookAt(at);
    next = place + width;
    if (place < x) blank(x, Math.min(next, end), look);
    else if (next > end) blank(place, end, look);
    else {
      target.set(row + place, cell, width, look.foreground, look.background, look.attributes);
      if (width === 2) target.set(row + place + 1, '', 0, look.foreground, look.background, look.attributes);
    }
    return true;
  });
  const rest = lookAt(text.length);
  blank(Math.max(x, Math.min(end, next)), last, rest);
  const goesOn = shown.to === undefined && read < text.length && last > x;
  if (goesOn) target.set(row + last - 1, more, 1, rest.foreground, rest.background, rest.attributes);
}

/** The columns of a text at which its rows begin when it is broken after `cols` of them. */
export function rowStarts(text: string, cols: number): number[] {
  const starts = [0];
  if (text.length <= cols && plain.test(text)) return starts;
  walkCells(text, (_cell, width, column) => {
    if (column + width > (starts.at(-1) as number) + cols) starts.push(column);
    return true;
  });
  return starts;
}

const plain = /^[ -~]*$/;

/** Goes through a text cell by cell, until `visit` says no. Gives how many code units were gone through. */
function walkCells(text: string, visit: (cell: string, width: number, column: number, at: number) => boolean): number {
  const length = Math.min(text.length, lineLengthMax);
  let column = 0;
  let at = 0;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === 9) {
      for (let left = tabCols - (column % tabCols); left > 0; left--) if (!visit(' ', 1, column++, at)) return at;
      at++;
    } else if (code >= 0x20 && code < 0x7f && !(text.charCodeAt(at + 1) >= firstCombining)) {
      if (!visit(text[at] as string, 1, column++, at)) return at;
      at++;
    } else {
      // Long enough for what belongs together; the segments of the whole line would be made for each character.
      const [first] = graphemes.segment(text.slice(at, at + graphemeUnitsMax));
      const segment = first?.segment ?? (text[at] as string);
      const harmless = plainText(segment);
      const width = Math.min(2, graphemeWidth(harmless));
      if (width > 0 && !visit(harmless, width, column, at)) return at;
      column += width;
      at += segment.length;
    }
  }
  return at;
}

/** Code units below this never join the character before them. */
const firstCombining = 0x300;
const graphemeUnitsMax = 64;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
