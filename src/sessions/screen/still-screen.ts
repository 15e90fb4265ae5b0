import type { CellBuffer } from '../../domain/cells.ts';
import type { Cursor, ScreenModes, Still } from '../../domain/screen-state.ts';
import type { Screen } from '../../ports/screen.ts';
import { nextRevision } from './revisions.ts';

/** Shows a still, for which no emulator has to be made or loaded. Nothing happens on it. */
export class StillScreen implements Screen {
  readonly revision = nextRevision();
  readonly #still: Still;

  constructor(still: Still) {
    this.#still = still;
  }

  get cols(): number {
    return this.#still.cells.cols;
  }

  get rows(): number {
    return this.#still.cells.rows;
  }

  get cursor(): Cursor {
    return this.#still.cursor;
  }

  get modes(): ScreenModes {
    return this.#still.modes;
  }

  rowRevision(): number {
    return this.revision;
  }

  blit(target: CellBuffer, left: number, top: number, width: number, height: number, firstRow = 0): void {
    const { cells } = this.#still;
    const cols = Math.min(width, cells.cols, target.cols - left);
    const rows = Math.min(height, cells.rows - firstRow, target.rows - top);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < cols; x++) {
        const from = (firstRow + y) * cells.cols + x;
        const isCut = cells.width[from] === 2 && x === cols - 1;
        target.set(
          (top + y) * target.cols + left + x,
          isCut ? ' ' : cells.text[from]!,
          isCut ? 1 : cells.width[from]!,
          cells.foreground[from]!,
          cells.background[from]!,
          cells.attributes[from]!,
          cells.extra[from],
        );
      }
    }
  }

  write(_data: Uint8Array | string, done?: () => void): void {
    done?.();
  }

  resize(): void {}

  dispose(): void {}
}
