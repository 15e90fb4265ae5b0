import { CellBuffer, type CellExtra, type CellLink } from '../../domain/cells.ts';
import { isAllowedLink } from '../../domain/links.ts';
import type { Cursor } from '../../domain/screen-state.ts';
import { copyCell, repairWideCells, sameCell } from './cell-area.ts';
import type { ColourDepth } from './colour-depth.ts';
import { findScroll, isKept, type Scroll, scrollRows } from './scrolled-rows.ts';
import { createSgr, type Pen, plainPen } from './sgr.ts';
import { cellTextForTerminal, columnsMax, hasSureWidth, isWideForAll } from './sure-width.ts';

/** Blank cells in a row from which one erase sequence is shorter than the spaces. */
const eraseRunMin = 8;
/** Unchanged cells that are written again instead of jumping over them: a jump takes at least four bytes. */
const rewriteGapMax = 4;

/**
 * Turns the difference between what the outer terminal shows and what it should show into one string. Every string that
 * `paint` and `type` return must reach the terminal before the next call: the difference counts on it.
 */
export class Painter {
  #front: CellBuffer;
  #isCleared = false;
  readonly #sgr: (from: Pen, to: Pen) => string;
  readonly #pen: Pen = { ...plainPen };
  readonly #hasLinks: boolean;
  /** What the next written character is in. Never any between two frames. */
  #link: CellLink | null = null;
  /** Names for links: those of two panes are never one, whatever the programs call them. */
  readonly #linkNumbers = new WeakMap<CellLink, number>();
  #lastLinkNumber = 0;
  #cursor: { x: number; y: number; style: number } | null = null;
  #style = 0;
  /** Where the terminal's cursor is; -1 when not known for sure. */
  #x = -1;
  #y = -1;
  #jumps = 0;

  /** What the terminal knows, by default all. */
  constructor(
    cols: number,
    rows: number,
    options: { depth?: ColourDepth; hasUnderlineStyles?: boolean; hasLinks?: boolean } = {},
  ) {
    this.#front = new CellBuffer(cols, rows);
    this.#sgr = createSgr(options.depth ?? 'truecolor', options.hasUnderlineStyles ?? true);
    this.#hasLinks = options.hasLinks ?? true;
  }

  /** Forgets what the terminal shows (it was resized, suspended, or written to by another): the next paint draws all. */
  invalidate(cols = this.#front.cols, rows = this.#front.rows): void {
    this.#front = new CellBuffer(cols, rows);
    this.#isCleared = false;
  }

  /** The terminal was sent `CSI m` between two frames. */
  resetPen(): void {
    Object.assign(this.#pen, plainPen);
  }

  /**
   * The bytes that make the terminal show `next` (of the painter's size; halves of cut wide characters in it become
   * blanks) with its cursor; null or invisible: no cursor. '' when it shows that already. `isChanged`: 1 for each row that
   * may differ from what was painted last, by default all.
   */
  paint(next: CellBuffer, cursor: Cursor | null, isChanged: Uint8Array | null = null): string {
    if (next.cols !== this.#front.cols || next.rows !== this.#front.rows) this.invalidate(next.cols, next.rows);
    this.#jumps = 0;
    const isAll = isChanged === null || !this.#isCleared;
    let body = this.#isCleared ? '' : this.#clear();
    const mayDiffer = (y: number) => isAll || isChanged[y] !== 0;
    const rows = Array.from({ length: next.rows }, (_, y) => y).filter(mayDiffer);
    for (const y of rows) repairWideCells(next, y);
    const scroll = body === '' ? findScroll(this.#front, next, rows) : null;
    if (scroll !== null) body = this.#scroll(scroll);
    for (let y = 0; y < next.rows; y++) {
      const isMoved = scroll !== null && y >= scroll.top && y <= scroll.bottom;
      if (isMoved ? !isKept(scroll, y) : mayDiffer(y)) body += this.#paintRow(next, y);
    }
    body += this.#linkTo(null);
    // Where 2026 is not known, a cursor that jumps about would be seen.
    if (this.#jumps > 1 && this.#cursor !== null) {
      body = `\u001b[?25l${body}`;
      this.#cursor = null;
    }
    const tail = this.#moveCursor(cursor, body !== '');
    if (body === '' && tail === '') return '';
    return `\u001b[?2026h${body}${tail}\u001b[?2026l`;
  }

  /**
   * The bytes that write a letter at `x`, `y`, where the terminal's cursor is. '', and nothing is changed, when it is elsewhere or the
   * width is not sure: then the next `paint` does it.
   */
  type(
    x: number,
    y: number,
    text: string,
    { foreground, background, attributes }: Omit<Pen, 'underlineColour'>,
  ): string {
    const { cols } = this.#front;
    const index = y * cols + x;
    if (this.#cursor?.x !== x || this.#cursor.y !== y || !this.#isCleared) return '';
    if (x + 1 >= cols || !hasSureWidth(this.#front.text[index]) || !hasSureWidth(text)) return '';
    this.#front.set(index, text, 1, foreground, background, attributes);
    this.#cursor.x++;
    this.#x = this.#cursor.x;
    return this.#dip(this.#front, index) + text;
  }

  #clear(): string {
    this.#isCleared = true;
    this.resetPen();
    this.#cursor = null;
    this.#style = 0;
    this.#x = -1;
    return '\u001b[?25l\u001b[m\u001b[2J';
  }

  /** Rows that the terminal shows elsewhere are moved there by itself: a screen full of output is a line to draw, not sixty. */
  #scroll(scroll: Scroll): string {
    scrollRows(this.#front, scroll);
    // What comes in has the colours of the pen.
    const plain = hasPen(this.#pen, 0, 0, 0, null) ? '' : '\u001b[m';
    this.resetPen();
    this.#x = -1;
    this.#y = -1;
    this.#jumps += 2;
    const { top, bottom, by } = scroll;
    const move = by > 0 ? `${by}M` : `${-by}L`;
    return `${plain}\u001b[${top + 1};${bottom + 1}r\u001b[${top + 1};1H\u001b[${move}\u001b[r`;
  }

  #paintRow(next: CellBuffer, y: number): string {
    const { cols } = next;
    const start = y * cols;
    let body = '';
    // Cells behind one whose width terminals disagree about may have been drawn over: up to this column they are written again.
    let forced = 0;
    for (let x = 0; x < cols; x++) {
      const index = start + x;
      if (next.width[index] === 0 || (x >= forced && sameCell(this.#front, index, next, index))) continue;
      const blanks = blankRun(next, index, start + cols);
      if (blanks >= eraseRunMin) {
        body += this.#goTo(next, x, y) + this.#dip(next, index);
        body += `\u001b[${blanks}X`;
        for (let end = index + blanks, at = index; at < end; at++) copyCell(next, at, this.#front, at);
        x += blanks - 1;
        continue;
      }
      const width = next.width[index];
      const text = cellTextForTerminal(next.text[index]);
      const isSure = hasSureWidth(text);
      if (!isSure) forced = Math.max(forced, x + columnsMax(text));
      if (!hasSureWidth(this.#front.text[index] || ' ')) forced = Math.max(forced, x + width + 1);
      body += this.#goTo(next, x, y) + this.#dip(next, index);
      // A terminal that believes it narrow would leave its right half as it was.
      if (width === 2 && !isWideForAll(text)) body += '\u001b[2X';
      body += text;
      this.#x = isSure && x + width < cols ? x + width : -1;
      copyCell(next, index, this.#front, index);
      if (width === 2) copyCell(next, index + 1, this.#front, index + 1);
    }
    return body;
  }

  #dip(next: CellBuffer, index: number): string {
    const pen = this.#pen;
    const foreground = next.foreground[index];
    const background = next.background[index];
    const attributes = next.attributes[index];
    const extra = next.extra[index];
    const link = extra === null && this.#link === null ? '' : this.#linkTo(extra?.link ?? null);
    if (hasPen(pen, foreground, background, attributes, extra)) return link;
    const to = { foreground, background, attributes, underlineColour: extra?.underlineColour ?? 0 };
    const codes = this.#sgr(pen, to);
    Object.assign(pen, to);
    return link + codes;
  }

  /** Everything that is written has its own end: the terminal must never be left in a link. */
  #linkTo(link: CellLink | null): string {
    const allowed = link !== null && this.#hasLinks && isAllowedLink(link.uri) ? link : null;
    if (allowed === this.#link) return '';
    this.#link = allowed;
    if (allowed === null) return closeLink;
    const number = this.#linkNumbers.get(allowed) ?? ++this.#lastLinkNumber;
    this.#linkNumbers.set(allowed, number);
    return `\u001b]8;id=forge${number};${allowed.uri}\u001b\\`;
  }

  #goTo(next: CellBuffer, x: number, y: number): string {
    if (this.#y === y && this.#x >= 0 && this.#x <= x) {
      const gap = x - this.#x;
      if (gap === 0) return '';
      const again = gap <= rewriteGapMax ? this.#sameLooking(next, y * next.cols + this.#x, gap) : '';
      this.#x = x;
      return again === '' ? `\u001b[${gap === 1 ? '' : gap}C` : again;
    }
    this.#jumps++;
    this.#x = x;
    this.#y = y;
    return `\u001b[${y + 1};${x + 1}H`;
  }

  /** The text of `count` cells if the present pen would write them as they are. */
  #sameLooking(next: CellBuffer, index: number, count: number): string {
    let text = '';
    for (let at = index; at < index + count; at++) {
      const extra = next.extra[at];
      const isSame =
        hasPen(this.#pen, next.foreground[at], next.background[at], next.attributes[at], extra) &&
        (extra?.link ?? null) === this.#link;
      if (!isSame || !hasSureWidth(next.text[at])) return '';
      text += next.text[at];
    }
    return text;
  }

  #moveCursor(cursor: Cursor | null, hasBody: boolean): string {
    const before = this.#cursor;
    const { cols, rows } = this.#front;
    if (cursor === null || !cursor.isVisible || cursor.x < 0 || cursor.y < 0 || cursor.y >= rows) {
      this.#cursor = null;
      return before === null ? '' : '\u001b[?25l';
    }
    const x = Math.min(cursor.x, cols - 1);
    const style = cursorStyle(cursor);
    let tail = '';
    if (style !== this.#style) tail += `\u001b[${style} q`;
    if (hasBody || before === null || before.x !== x || before.y !== cursor.y) tail += this.#place(x, cursor.y);
    if (before === null) tail += '\u001b[?25h';
    this.#style = style;
    this.#cursor = { x, y: cursor.y, style };
    return tail;
  }

  #place(x: number, y: number): string {
    if (this.#x === x && this.#y === y) return '';
    this.#x = x;
    this.#y = y;
    return `\u001b[${y + 1};${x + 1}H`;
  }
}

export const closeLink = '\u001b]8;;\u001b\\';

function hasPen(
  pen: Pen,
  foreground: number,
  background: number,
  attributes: number,
  extra: CellExtra | null,
): boolean {
  return (
    pen.foreground === foreground &&
    pen.background === background &&
    pen.attributes === attributes &&
    pen.underlineColour === (extra === null ? 0 : extra.underlineColour)
  );
}

/** How many cells from `index` on are blank without any colour or attribute. */
function blankRun(buffer: CellBuffer, index: number, end: number): number {
  let at = index;
  while (
    at < end &&
    buffer.text[at] === ' ' &&
    buffer.foreground[at] === 0 &&
    buffer.background[at] === 0 &&
    buffer.attributes[at] === 0 &&
    buffer.extra[at] === null
  )
    at++;
  return at - index;
}

/** The parameter of DECSCUSR. */
function cursorStyle(cursor: Cursor): number {
  if (cursor.shape === 'default') return 0;
  return { block: 1, underline: 3, bar: 5 }[cursor.shape] + (cursor.isBlinking ? 0 : 1);
}
