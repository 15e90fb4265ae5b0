import { CellBuffer } from '../../domain/cells.ts';
import { drawRow } from '../screen/draw-rows.ts';
import type { Emulator } from '../screen/emulator.ts';

/** Of the rows that changed, at least this share must be found again for them to have moved; less is another picture. */
const alikeShare = 0.2;

/** A change of less than this share of the screen is never another picture. */
const pictureShare = 0.4;

interface Picture {
  cells: CellBuffer;
  texts: string[];
}

/**
 * The rows that left the screen of a full-screen program, found by looking at it again and again: rows that moved up push
 * others out, and a picture that is replaced is kept whole under a thin line. A row that is edited in place leaves nothing.
 */
export class FullScreenHistory {
  /** Rows with SGR attributes, oldest first. */
  readonly rows: string[] = [];
  readonly #rowsMax: number;
  #last: Picture | null = null;
  #revision = -1;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  /** Looks at the screen as it is now. */
  look(emulator: Emulator): void {
    if (emulator.revision === this.#revision) return;
    this.#revision = emulator.revision;
    const last = this.#last;
    if (!emulator.modes.alternateScreen) {
      this.#last = null;
      if (last) this.#keepPicture(last);
      return;
    }
    const { cols, rows } = emulator;
    const cells = new CellBuffer(cols, rows);
    emulator.blit(cells, 0, 0, cols, rows);
    const now = { cells, texts: Array.from({ length: rows }, (_, y) => cells.rowText(y)) };
    this.#last = now;
    // A program draws everything anew at another size: nothing can be said of what left.
    if (!last || last.cells.cols !== cols || last.cells.rows !== rows) return;
    const left = rowsThatLeft(last.texts, now.texts);
    if (left === 'all') this.#keepPicture(last);
    else this.#keep(last, left.from, left.to);
  }

  #keepPicture(picture: Picture): void {
    const end = picture.texts.findLastIndex((text) => text !== '') + 1;
    if (end === 0) return;
    this.rows.push(`\x1b[0;2m${'─'.repeat(picture.cells.cols)}\x1b[0m`);
    this.#keep(picture, 0, end);
  }

  #keep({ cells }: Picture, from: number, to: number): void {
    for (let y = from; y < to; y++) this.rows.push(drawRow(cells, y));
    // Cut now and then, since it moves all of them.
    if (this.rows.length > 2 * this.#rowsMax) this.rows.splice(0, this.rows.length - this.#rowsMax);
  }
}

/** Which rows of `before` went away at the top when it became `after`; `all`: it was replaced. Both have as many rows. */
export function rowsThatLeft(
  before: readonly string[],
  after: readonly string[],
): { from: number; to: number } | 'all' {
  // Titles at the top and input at the bottom stay where they are.
  let top = 0;
  while (top < before.length && before[top] === after[top]) top += 1;
  let bottom = before.length;
  while (bottom > top && before[bottom - 1] === after[bottom - 1]) bottom -= 1;
  const changed = before.slice(top, bottom);
  const nothing = { from: top, to: top };
  const counts = new Map<string, number>();
  for (const text of changed) counts.set(text, (counts.get(text) ?? 0) + 1);
  // Rows that look like others say nothing of where they went.
  const telling = changed.map((text) => text !== '' && counts.get(text) === 1);
  const tellingCount = telling.filter(Boolean).length;
  if (tellingCount === 0) return nothing;
  let shift = 0;
  let found = 0;
  for (let by = 0; by < changed.length; by++) {
    for (const direction of by === 0 ? [1] : [1, -1]) {
      const alike = changed.filter((text, y) => telling[y] && after[top + y - by * direction] === text).length;
      if (alike > found) [shift, found] = [by * direction, alike];
    }
  }
  if (found >= alikeShare * tellingCount) return shift > 0 ? { from: top, to: top + shift } : nothing;
  const filled = before.filter((text) => text !== '').length;
  return changed.filter((text) => text !== '').length >= pictureShare * filled ? 'all' : nothing;
}
