import type { CellBuffer } from '../../domain/cells.ts';
import type { Cursor, ScreenModes } from '../../domain/screen-state.ts';
import type { Screen } from '../../ports/screen.ts';
import type { Predictions } from './predictions.ts';

const smallStep = 2 ** -20;

/** A program's screen with what is foreseen of it drawn over. */
export class PredictedScreen implements Screen {
  readonly #real: () => Screen;
  readonly #predictions: Predictions;
  /** The program's revision when something else was shown over it last, and how often that was since it has that. */
  #changedAt = 0;
  #changes = 0;
  /** The revisions of rows on which something was shown. */
  readonly #rows = new Map<number, number>();

  constructor(real: () => Screen, predictions: Predictions) {
    this.#real = real;
    this.#predictions = predictions;
  }

  get cols(): number {
    return this.#real().cols;
  }

  get rows(): number {
    return this.#real().rows;
  }

  get modes(): ScreenModes {
    return this.#real().modes;
  }

  get cursor(): Cursor {
    const real = this.#real().cursor;
    const place = this.#predictions.cursor;
    if (place === null) return real;
    const { isVisible, shape, isBlinking } = real;
    return { x: place.x, y: place.y, isVisible, shape, isBlinking };
  }

  /** The program's are whole numbers: own changes come between two of them. */
  get revision(): number {
    const { revision } = this.#real();
    return revision === this.#changedAt ? revision + this.#changes * smallStep : revision;
  }

  rowRevision(y: number): number {
    return Math.max(this.#real().rowRevision(y), this.#rows.get(y) ?? 0);
  }

  /** Something else is shown over row `y` now. */
  changed(y: number): void {
    const { revision } = this.#real();
    this.#changes = revision === this.#changedAt ? this.#changes + 1 : 1;
    this.#changedAt = revision;
    this.#rows.set(y, this.revision);
  }

  write(data: Uint8Array | string, done?: () => void): void {
    this.#real().write(data, done);
  }

  resize(cols: number, rows: number): void {
    this.#real().resize(cols, rows);
  }

  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow = 0): void {
    this.#real().blit(target, x, y, width, height, firstRow);
    const { cursor, cells } = this.#predictions;
    const row = cursor === null ? -1 : y + cursor.y - firstRow;
    if (row < y || row >= Math.min(y + height, target.rows)) return;
    for (const { x: column, text, under, foreground, background, attributes } of cells) {
      const index = row * target.cols + x + column;
      if (column >= width || x + column >= target.cols || target.text[index] !== under) continue;
      target.set(index, text, 1, foreground, background, attributes);
    }
  }

  dispose(): void {
    this.#real().dispose();
  }
}
