import { CellBuffer } from '../../domain/cells.ts';
import type { Cursor } from '../../ports/screen.ts';
import { copyCell, repairWideCells } from './cell-area.ts';
import type { ColourDepth } from './colour-depth.ts';
import { createSgr, type Pen } from './sgr.ts';
import { cellTextForTerminal, columnsMax, hasSureWidth, isWideForAll } from './sure-width.ts';

/** Blank cells in a row from which one erase sequence is shorter than the spaces. */
const eraseRunMin = 8;
/** Unchanged cells that are written again instead of jumping over them: a jump takes at least four bytes. */
const rewriteGapMax = 4;

/**
 * Turns the difference between what the outer terminal shows and what it should show into one string. Every string that
 * `paint` returns must reach the terminal before the next call: the difference counts on it.
 */
export class Painter {
  #front: CellBuffer;
  #isCleared = false;
  readonly #sgr: (from: Pen, to: Pen) => string;
  readonly #pen: Pen = { foreground: 0, background: 0, attributes: 0, decoration: null };
  readonly #hasLinks: boolean;
  /** Where what is written now leads; '' nowhere. None is left open between two paints. */
  #link = '';
  #cursor: { x: number; y: number; style: number } | null = null;
  #style = 0;
  /** Where the terminal's cursor is; -1 when not known for sure. */
  #x = -1;
  #y = -1;
  #jumps = 0;

  constructor(cols: number, rows: number, options: { depth?: ColourDepth } = {}) {
    this.#front = new CellBuffer(cols, rows);
    const { depth = 'truecolor' } = options;
    this.#sgr = createSgr(depth);
    // As with styles of underlines: a terminal with all colours is a new one.
    this.#hasLinks = depth === 'truecolor';
  }

  /** Forgets what the terminal shows (it was resized, suspended, or written to by another): the next paint draws all. */
  invalidate(cols = this.#front.cols, rows = this.#front.rows): void {
    this.#front = new CellBuffer(cols, rows);
    this.#isCleared = false;
  }

  /** The terminal was sent `CSI m` between two frames. */
  resetPen(): void {
    Object.assign(this.#pen, { foreground: 0, background: 0, attributes: 0, decoration: null });
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
    for (let y = 0; y < next.rows; y++) {
      if (!isAll && isChanged[y] === 0) continue;
      repairWideCells(next, y);
      body += this.#paintRow(next, y);
    }
    if (this.#link !== '') {
      body += this.#lead('');
      // The same decoration has to begin its link again in the next paint.
      if (this.#pen.decoration) this.#pen.decoration = { ...this.#pen.decoration, link: '' };
    }
    // Where 2026 is not known, a cursor that jumps about would be seen.
    if (this.#jumps > 1 && this.#cursor !== null) {
      body = `\u001b[?25l${body}`;
      this.#cursor = null;
    }
    const tail = this.#moveCursor(cursor, body !== '');
    if (body === '' && tail === '') return '';
    return `\u001b[?2026h${body}${tail}\u001b[?2026l`;
  }

  #clear(): string {
    this.#isCleared = true;
    this.resetPen();
    this.#cursor = null;
    this.#style = 0;
    this.#x = -1;
    return '\u001b[?25l\u001b[m\u001b[2J';
  }

  #paintRow(next: CellBuffer, y: number): string {
    const { cols } = next;
    const start = y * cols;
    let body = '';
    // Cells behind one whose width terminals disagree about may have been drawn over: up to this column they are written again.
    let forced = 0;
    for (let x = 0; x < cols; x++) {
      const index = start + x;
      if (next.width[index] === 0 || (x >= forced && sameCell(this.#front, next, index))) continue;
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
    const decoration = next.decoration[index] ?? null;
    if (
      pen.foreground === foreground &&
      pen.background === background &&
      pen.attributes === attributes &&
      pen.decoration === decoration
    )
      return '';
    const to = { foreground, background, attributes, decoration };
    const codes = this.#sgr(pen, to) + this.#lead(decoration?.link ?? '');
    Object.assign(pen, to);
    return codes;
  }

  #lead(link: string): string {
    if (link === this.#link || !this.#hasLinks) return '';
    this.#link = link;
    return `\u001b]8;;${link}\u001b\\`;
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
      const isSame =
        next.foreground[at] === this.#pen.foreground &&
        next.background[at] === this.#pen.background &&
        next.attributes[at] === this.#pen.attributes &&
        next.decoration[at] === this.#pen.decoration;
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

function sameCell(a: CellBuffer, b: CellBuffer, index: number): boolean {
  return (
    a.text[index] === b.text[index] &&
    a.width[index] === b.width[index] &&
    a.foreground[index] === b.foreground[index] &&
    a.background[index] === b.background[index] &&
    a.attributes[index] === b.attributes[index] &&
    a.decoration[index] === b.decoration[index]
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
    buffer.decoration[at] === null
  )
    at++;
  return at - index;
}

/** The parameter of DECSCUSR. */
function cursorStyle(cursor: Cursor): number {
  if (cursor.shape === 'default') return 0;
  return { block: 1, underline: 3, bar: 5 }[cursor.shape] + (cursor.isBlinking ? 0 : 1);
}
