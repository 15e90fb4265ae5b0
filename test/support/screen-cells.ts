import type { Terminal } from '@xterm/headless';
import { InputModes } from '../../src/sessions/screen/input-modes.ts';

/** A part of a terminal's screen, cell by cell, as a person sees it. */
export interface ScreenCells {
  /** Each cell in words: its text, width, colours and attributes. */
  cells: string[][];
  /** A character a cell, to be searched: wide and combined ones count as one, and their right halves too. */
  rows: string[];
  /** Place within the part, shape, blinking; or that there is none. */
  cursor: string;
}

export interface Area {
  x: number;
  y: number;
  cols: number;
  rows: number;
}

/** The parts of a cell's look that the emulator has no public names for. */
interface Extended {
  fg: number;
  extended: { _ext: number; _urlId: number; underlineColor: number };
}

/** What a terminal knows that is not in its cells. */
export class CursorLook {
  readonly input: InputModes;
  #isVisible = true;
  #shape = 0;
  /** What mode 12 said since a shape was chosen. */
  #blinks: boolean | null = null;

  constructor(terminal: Terminal) {
    this.input = new InputModes(terminal);
    const { parser } = terminal;
    const sees = (isVisible: boolean) => (parameters: (number | number[])[]) => {
      if (parameters.includes(25)) this.#isVisible = isVisible;
      if (parameters.includes(12) && this.#shape > 0) this.#blinks = isVisible;
      return false;
    };
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, sees(true));
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, sees(false));
    parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([shape]) => {
      this.#shape = Number(shape ?? 0);
      this.#blinks = null;
      return false;
    });
    parser.registerEscHandler({ final: 'c' }, () => {
      this.#isVisible = true;
      this.#shape = 0;
      this.#blinks = null;
      return false;
    });
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => {
      this.#isVisible = true;
      return false;
    });
  }

  /** A program that chose no shape has the terminal's own, here a blinking block. */
  get words(): string | null {
    if (!this.#isVisible) return null;
    const shape = ['block', 'block', 'block', 'underline', 'underline', 'bar', 'bar'][this.#shape] ?? 'block';
    return `${shape}${(this.#blinks ?? (this.#shape === 0 || this.#shape % 2 === 1)) ? ' blinking' : ''}`;
  }
}

export function screenCells(terminal: Terminal, look: CursorLook, area: Area = whole(terminal)): ScreenCells {
  const { active } = terminal.buffer;
  const cells: string[][] = [];
  const rows: string[] = [];
  for (let y = 0; y < area.rows; y++) {
    const line = active.getLine(active.baseY + area.y + y);
    const row = Array.from({ length: area.cols }, (_, x) => line?.getCell(area.x + x));
    cells.push(row.map((cell) => (cell ? inWords(cell, linkOf(terminal, cell)) : 'no cell')));
    rows.push(row.map((cell) => searchable(cell?.getWidth() === 0 ? null : cell?.getChars() || ' ')).join(''));
  }
  // After a character in the last column the cursor waits beyond it; it is shown on it.
  const x = Math.min(active.cursorX, terminal.cols - 1) - area.x;
  const cursor = look.words === null ? 'no cursor' : `${look.words} at column ${x}, row ${active.cursorY - area.y}`;
  return { cells, rows, cursor };
}

/** Row by row, without trailing blanks. */
export function textOf({ rows }: ScreenCells): string {
  return rows.map((row) => row.replaceAll('\u200b', '').trimEnd()).join('\n');
}

function whole({ cols, rows }: Terminal): Area {
  return { x: 0, y: 0, cols, rows };
}

function searchable(text: string | null): string {
  return text === null ? '\u200b' : text.length === 1 ? text : '\ufffc';
}

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>['getCell']>>;

/** Where a click on the cell leads; '' for nowhere. */
function linkOf(terminal: Terminal, cell: Cell): string {
  const { _urlId: id } = (cell as unknown as Extended).extended;
  const { _oscLinkService: service } = (terminal as unknown as { _core: LinkedCore })._core;
  return id > 0 ? (service.getLinkData(id)?.uri ?? '') : '';
}

interface LinkedCore {
  _oscLinkService: { getLinkData(id: number): { uri: string } | undefined };
}

function inWords(cell: Cell, link: string): string {
  const text = cell.getWidth() === 0 ? 'right half' : JSON.stringify(cell.getChars() || ' ');
  const foreground = colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
  const background = colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
  const words = [text, `width ${cell.getWidth()}`, foreground && `in ${foreground}`, background && `on ${background}`];
  // A link is told as a dashed underline too: what the program chose is in these bits alone.
  const { fg, extended } = cell as unknown as Extended;
  const underline = fg & 0x10000000 ? (extended._ext >>> 26) & 7 || 1 : 0;
  const { underlineColor } = extended;
  if (underline > 0) words.push(`underline ${underline}${underlineColor > 0 ? ` ${underlineColor.toString(16)}` : ''}`);
  if (link !== '') words.push(`link ${link}`);
  if (cell.isBold()) words.push('bold');
  if (cell.isDim()) words.push('dim');
  if (cell.isItalic()) words.push('italic');
  if (cell.isBlink()) words.push('blink');
  if (cell.isInverse()) words.push('inverse');
  if (cell.isInvisible()) words.push('invisible');
  if (cell.isStrikethrough()) words.push('struck');
  if (cell.isOverline()) words.push('overlined');
  return words.filter(Boolean).join(' ');
}

function colour(isDefault: boolean, isRgb: boolean, value: number): string {
  if (isDefault) return '';
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : `colour ${value & 0xff}`;
}

/** Text whose cells are not compared where either screen shows it; with `rows`, in rows that match that alone. */
export interface Mask {
  what: RegExp;
  rows?: RegExp;
}

/** Differing cells that are told of, at most. */
const toldMax = 12;

/** What differs, in words; null when the two are equal but for the masked cells. */
export function difference(bare: ScreenCells, forge: ScreenCells, masks: readonly Mask[] = []): string | null {
  const told: string[] = [];
  let count = 0;
  if (bare.cursor !== forge.cursor) told.push(`the cursor: bare ${bare.cursor}, in Forge ${forge.cursor}`);
  for (const [y, row] of bare.cells.entries()) {
    const isMasked = maskedColumns([bare.rows[y] ?? '', forge.rows[y] ?? ''], masks);
    for (const [x, cell] of row.entries()) {
      if (isMasked.has(x) || cell === forge.cells[y]?.[x]) continue;
      count++;
      if (count <= toldMax) told.push(`column ${x}, row ${y}: bare ${cell}, in Forge ${forge.cells[y]?.[x]}`);
    }
  }
  if (told.length === 0) return null;
  return [
    `${count} cells differ`,
    ...told,
    'bare:',
    framed(bare.rows, forge.rows),
    'in Forge:',
    framed(forge.rows, bare.rows),
  ].join('\n');
}

/** How many cells the masks leave out of the comparison. */
export function maskedCount(bare: ScreenCells, forge: ScreenCells, masks: readonly Mask[]): number {
  return bare.rows.reduce((sum, row, y) => sum + maskedColumns([row, forge.rows[y] ?? ''], masks).size, 0);
}

function maskedColumns(rows: readonly string[], masks: readonly Mask[]): Set<number> {
  const columns = new Set<number>();
  for (const { what, rows: only } of masks) {
    for (const row of rows) {
      if (only && !rows.some((either) => only.test(either))) continue;
      for (const found of row.matchAll(what)) {
        for (let x = found.index; x < found.index + found[0].length; x++) columns.add(x);
      }
    }
  }
  return columns;
}

/** The rows that differ in text are marked. */
function framed(rows: readonly string[], others: readonly string[]): string {
  return rows.map((row, y) => `${row === others[y] ? ' ' : '!'}│${row.replaceAll('\u200b', '').trimEnd()}`).join('\n');
}
