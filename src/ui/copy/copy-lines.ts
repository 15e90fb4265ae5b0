import { CellBuffer } from '../../domain/cells.ts';
import type { ScrollbackScreen } from '../../ports/screen.ts';

export interface Position {
  /** From 0, the oldest line that is kept. */
  line: number;
  /** From 0; always the left half of a wide character. */
  column: number;
}

/** What copy mode reads of a history. */
export type LineSource = Pick<ScrollbackScreen, 'cols' | 'lineCount' | 'blitLines' | 'lineText' | 'isWrapped'>;

/** Rows of cells kept between two looks at them: a few screens. */
const cachedRowsMax = 512;

/** The lines of a history as cells, words and texts. They never change: a new history is a new `CopyLines`. */
export class CopyLines {
  readonly #source: LineSource;
  readonly #rows = new Map<number, CellBuffer>();
  /** Of every row that was asked for: a search reads them all, again with each letter. 2 MB of a full history. */
  readonly #texts: string[] = [];
  readonly #isWrapped: boolean[] = [];
  readonly cols: number;
  readonly count: number;

  constructor(source: LineSource) {
    this.#source = source;
    this.cols = source.cols;
    this.count = Math.max(1, source.lineCount);
  }

  /** One row of cells. */
  cells(line: number): CellBuffer {
    const known = this.#rows.get(line);
    if (known) return known;
    const cells = new CellBuffer(this.cols, 1);
    this.#source.blitLines(line, cells, 0, 0, this.cols, 1);
    if (this.#rows.size >= cachedRowsMax) this.#rows.clear();
    this.#rows.set(line, cells);
    return cells;
  }

  /** Goes on from the line above it. */
  isWrapped(line: number): boolean {
    if (line <= 0 || line >= this.count) return false;
    this.#isWrapped[line] ??= this.#source.isWrapped(line);
    return this.#isWrapped[line];
  }

  isBlank(line: number): boolean {
    return this.#source.lineText(line) === '';
  }

  /** The first of the lines that were written as one with `line`. */
  firstOf(line: number): number {
    let first = line;
    while (this.isWrapped(first)) first--;
    return first;
  }

  lastOf(line: number): number {
    let last = line;
    while (this.isWrapped(last + 1)) last++;
    return last;
  }

  /** The text of a row: without trailing blanks, unless it goes on in the next. */
  text(line: number): string {
    this.#texts[line] ??= this.#read(line);
    return this.#texts[line];
  }

  #read(line: number): string {
    if (!this.isWrapped(line + 1)) return this.#source.lineText(line);
    const cells = this.cells(line);
    const text = cells.text.join('');
    // A wide character that did not fit left the last column empty.
    const isPushed = cells.text[this.cols - 1] === ' ' && this.cells(line + 1).width[0] === 2;
    return isPushed ? text.slice(0, -1) : text;
  }

  /** The column of the last character of a row, 0 of an empty one. */
  lastColumn(line: number): number {
    if (this.isWrapped(line + 1)) return this.leftHalf(line, this.cols - 1);
    const { text } = this.cells(line);
    let column = this.cols - 1;
    while (column > 0 && (text[column] === ' ' || text[column] === '')) column--;
    // Back from the blank that is the right half of nothing.
    return this.leftHalf(line, column);
  }

  firstColumn(line: number): number {
    const column = this.cells(line).text.findIndex((text) => text !== ' ');
    return Math.max(0, column);
  }

  /** The column where the character begins that covers `column`. */
  leftHalf(line: number, column: number): number {
    const inside = Math.min(Math.max(0, column), this.cols - 1);
    return inside > 0 && this.cells(line).width[inside] === 0 ? inside - 1 : inside;
  }

  /** The first column behind the character at `column`. */
  endOfCharacter({ line, column }: Position): number {
    return column + Math.max(1, this.cells(line).width[column] ?? 1);
  }

  /** The character behind `position`; `isNewLine`: a line break is between them. Null at the end. */
  after(position: Position): { position: Position; isNewLine: boolean } | null {
    const { line } = position;
    if (position.column < this.lastColumn(line)) {
      return { position: { line, column: this.endOfCharacter(position) }, isNewLine: false };
    }
    if (line + 1 >= this.count) return null;
    return { position: { line: line + 1, column: 0 }, isNewLine: !this.isWrapped(line + 1) };
  }

  before(position: Position): { position: Position; isNewLine: boolean } | null {
    const { line, column } = position;
    if (column > 0) return { position: { line, column: this.leftHalf(line, column - 1) }, isNewLine: false };
    if (line === 0) return null;
    const above = { line: line - 1, column: this.lastColumn(line - 1) };
    return { position: above, isNewLine: !this.isWrapped(line) };
  }

  /** What kind of word the character belongs to. */
  wordKind({ line, column }: Position): 'blank' | 'word' | 'mark' {
    const text = this.cells(line).text[column] ?? ' ';
    if (text.trim() === '') return 'blank';
    return /[\p{L}\p{N}_]/u.test(text) ? 'word' : 'mark';
  }
}
