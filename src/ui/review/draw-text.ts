import { plainText } from '../../base/text.ts';
import type { CellBuffer } from '../../domain/cells.ts';
import { graphemeWidth } from '../screen/grapheme-width.ts';

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

/**
 * Draws a line of any text, made harmless, and blanks behind it. `lookAt` tells how the code unit at that place looks, and the blanks
 * by the length of the text. `skip` columns at its beginning are not shown. Gives the columns that the text took.
 */
export function drawText(
  { target, x, y, cols }: Stretch,
  text: string,
  lookAt: (at: number) => Look,
  skip = 0,
): number {
  const row = y * target.cols;
  const end = Math.min(x + cols, target.cols);
  let column = 0;
  const put = (shown: string, width: number, look: Look) => {
    const at = x + column - skip;
    column += width;
    if (at < x && at + width > x) blank(x, at + width, look);
    else if (at >= x && at + width <= end) {
      target.set(row + at, shown, width, look.foreground, look.background, look.attributes);
      if (width === 2) target.set(row + at + 1, '', 0, look.foreground, look.background, look.attributes);
    } else if (at < end && at >= x) blank(at, end, look);
  };
  const blank = (from: number, to: number, look: Look) => {
    for (let at = from; at < to; at++) target.set(row + at, ' ', 1, look.foreground, look.background, look.attributes);
  };
  const shown = text.length > lineLengthMax ? text.slice(0, lineLengthMax) : text;
  let at = 0;
  while (at < shown.length && x + column - skip < end) {
    const code = shown.charCodeAt(at);
    if (code === 9) {
      const look = lookAt(at++);
      for (let left = tabCols - (column % tabCols); left > 0; left--) put(' ', 1, look);
    } else if (code >= 0x20 && code < 0x7f && !(shown.charCodeAt(at + 1) >= firstCombining)) {
      put(shown[at] as string, 1, lookAt(at++));
    } else at += putGrapheme(shown, at);
  }
  const isCut = at < text.length;
  const width = column;
  const restLook = lookAt(text.length);
  blank(Math.max(x, Math.min(end, x + column - skip)), end, restLook);
  if (isCut && end > x)
    target.set(row + end - 1, more, 1, restLook.foreground, restLook.background, restLook.attributes);
  return width;

  function putGrapheme(line: string, from: number): number {
    // Long enough for what belongs together; the segments of the whole line would be made for each character.
    const [first] = graphemes.segment(line.slice(from, from + graphemeUnitsMax));
    const segment = first?.segment ?? (line[from] as string);
    const harmless = plainText(segment);
    const width = Math.min(2, graphemeWidth(harmless));
    if (width > 0) put(harmless, width, lookAt(from));
    return segment.length;
  }
}

/** Code units below this never join the character before them. */
const firstCombining = 0x300;
const graphemeUnitsMax = 64;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text in rows of at most `cols` columns, broken at blanks where there are some. */
export function wrapText(text: string, cols: number): string[] {
  const rows: string[] = [];
  for (const line of text.split('\n')) {
    let row = '';
    let width = 0;
    for (const word of plainText(line).match(/\s+|\S+/gu) ?? ['']) {
      const wordWidth = widthOf(word);
      if (width + wordWidth > cols && width > 0 && word.trim() !== '') {
        rows.push(row.trimEnd());
        row = '';
        width = 0;
      }
      for (const { segment } of wordWidth > cols ? graphemes.segment(word) : [{ segment: word }]) {
        const part = widthOf(segment);
        if (width + part > cols && row !== '') {
          rows.push(row.trimEnd());
          row = '';
          width = 0;
        }
        row += segment;
        width += part;
      }
    }
    rows.push(row.trimEnd());
  }
  return rows;
}

/** Columns of a text that is made harmless. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}
