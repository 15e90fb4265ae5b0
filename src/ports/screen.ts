import type { Disposable } from '../base/disposable.ts';
import type { CellBuffer } from '../domain/cells.ts';
import type { Cursor, ScreenModes } from '../domain/screen-state.ts';

/** A terminal emulator seen from outside: bytes in, cells out. It never answers queries and never opens a file. */
export interface Screen extends Disposable {
  readonly cols: number;
  readonly rows: number;
  readonly cursor: Cursor;
  readonly modes: ScreenModes;
  /** Grows whenever what is shown may have changed. */
  readonly revision: number;
  /** The revision with which row `y` may have changed last. */
  rowRevision(y: number): number;
  /** Parses `data`; `done` is called when its effect is on the screen. */
  write(data: Uint8Array | string, done?: () => void): void;
  resize(cols: number, rows: number): void;
  /**
   * Copies the visible screen from row `firstRow` (0) on into `target`, at `x`, `y`, clipped to `width` x `height`.
   * Cells outside the screen are left as they are.
   */
  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow?: number): void;
}

/** A screen with the lines above it. Lines count from 0, the oldest that is kept; the visible screen is the last `rows`. */
export interface ScrollbackScreen extends Screen {
  readonly lineCount: number;
  /** As `blit`, of the lines from `firstLine` on. */
  blitLines(firstLine: number, target: CellBuffer, x: number, y: number, width: number, height: number): void;
  /** Without attributes and trailing blanks; '' beyond the last. */
  lineText(line: number): string;
  /** The line goes on from the one above it: the program wrote both as one. */
  isWrapped(line: number): boolean;
  /** Called for each line that leaves the top of the screen, in the middle of parsing. */
  onScroll(listener: () => void): Disposable;
  /** Called with each text that the program would put on the clipboard (OSC 52), without its control characters. */
  onCopy(listener: (text: string) => void): Disposable;
}

export interface ScreenOptions {
  /** A line feed returns the carriage too, for text that was not written for a pty. */
  convertEol?: boolean;
  /** Lines kept above the screen, none by default. */
  scrollback?: number;
}

export interface ScreenFactory {
  create(cols: number, rows: number, options?: ScreenOptions): ScrollbackScreen;
}
