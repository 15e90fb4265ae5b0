import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { CellBuffer } from '../../domain/cells.ts';
import { noCursor, stillModes } from '../../domain/screen-state.ts';
import type { Screen } from '../../ports/screen.ts';
import type { MouseEvent } from '../input/mouse-event.ts';
import { copyArea } from '../screen/cell-area.ts';
import type { PaneSource } from '../screen/pane-registry.ts';
import type { Theme } from '../theme.ts';
import { drawRow, type Piece } from './draw-row.ts';

/** One row, and what it is made of: it is drawn again when any of that is another. */
export interface Row {
  of: readonly unknown[];
  pieces(): readonly Piece[];
}

export interface RowsMouse {
  /** A press of the left button, with the cell from 0. */
  onClick?: ((at: { x: number; y: number }) => void) | undefined;
  /** 1: downwards. */
  onWheel?: ((direction: -1 | 1) => void) | undefined;
}

const nothing: Row = { of: [], pieces: () => [] };

/** Rows as a pane: their cells are drawn here, without Ink. Of hundreds that are shown, a key draws two. */
export class RowsScreen implements PaneSource, Screen {
  readonly isOwn = true;
  readonly modes = stillModes;
  readonly cursor = noCursor;
  /** What the mouse does over it. */
  mouse: RowsMouse = {};
  revision = 1;
  readonly #theme: Theme;
  readonly #changes = new Emitter<void>();
  #cells = new CellBuffer(0, 0);
  #rows: Row[] = [];
  #revisions: number[] = [];

  constructor(theme: Theme) {
    this.#theme = theme;
  }

  get screen(): Screen {
    return this;
  }

  get cols(): number {
    return this.#cells.cols;
  }

  get rows(): number {
    return this.#cells.rows;
  }

  /** From now on these, in so many cells; rows that are missing are blank. */
  show(rows: readonly Row[], cols: number, height: number): void {
    const next = this.revision + 1;
    if (cols !== this.cols || height !== this.rows) {
      this.#cells = new CellBuffer(cols, height);
      this.#rows = [];
      this.revision = next;
    }
    for (let y = 0; y < height; y++) {
      const row = rows[y] ?? nothing;
      const before = this.#rows[y];
      this.#rows[y] = row;
      if (before && isSame(before, row)) continue;
      drawRow(this.#cells, y, row.pieces(), this.#theme);
      this.#revisions[y] = next;
      this.revision = next;
    }
    if (this.revision === next) this.#changes.emit();
  }

  rowRevision(y: number): number {
    return this.#revisions[y] ?? this.revision;
  }

  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow = 0): void {
    copyArea(this.#cells, 0, firstRow, target, { x, y, width, height });
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  onMouse({ kind, button, wheel }: MouseEvent, x: number, y: number): void {
    if (kind === 'press' && button === 'left') this.mouse.onClick?.({ x, y });
    else if (wheel !== 0) this.mouse.onWheel?.(wheel);
  }

  write(_data: Uint8Array | string, done?: () => void): void {
    done?.();
  }

  resize(): void {}

  dispose(): void {}
}

function isSame(a: Row, b: Row): boolean {
  return a.of.length === b.of.length && a.of.every((part, index) => part === b.of[index]);
}
