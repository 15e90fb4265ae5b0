import type { Disposable } from '../base/disposable.ts';
import type { CellBuffer } from '../domain/cells.ts';

export interface Cursor {
  /** Column and row from 0, within the visible screen. */
  x: number;
  y: number;
  isVisible: boolean;
  shape: 'block' | 'underline' | 'bar';
  isBlinking: boolean;
}

/** Modes that a program has switched on and that whoever types for it must follow. */
export interface ScreenModes {
  applicationCursorKeys: boolean;
  applicationKeypad: boolean;
  bracketedPaste: boolean;
  focusEvents: boolean;
  mouse: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  alternateScreen: boolean;
  /** The program is in the middle of a frame (DEC 2026): do not paint now. */
  synchronizedOutput: boolean;
}

/** A terminal emulator seen from outside: bytes in, cells out. It never answers queries and never opens a file. */
export interface Screen extends Disposable {
  readonly cols: number;
  readonly rows: number;
  readonly cursor: Cursor;
  readonly modes: ScreenModes;
  /** Changes whenever what is shown may have changed. */
  readonly revision: number;
  /** Parses `data`; `done` is called when its effect is on the screen. */
  write(data: Uint8Array | string, done?: () => void): void;
  resize(cols: number, rows: number): void;
  /**
   * Copies the visible screen into `target` with its top left cell at `x`, `y`, clipped to `width` x `height`.
   * Cells outside the screen are left as they are.
   */
  blit(target: CellBuffer, x: number, y: number, width: number, height: number): void;
}

export interface ScreenFactory {
  /** `convertEol`: a line feed returns the carriage too, for text that was not written for a pty. */
  create(cols: number, rows: number, options?: { convertEol?: boolean }): Screen;
}
