import type { CellBuffer } from './cells.ts';

export interface Cursor {
  /** Column and row from 0, within the visible screen. */
  x: number;
  y: number;
  isVisible: boolean;
  /** `default`: that of the terminal on which it is shown. */
  shape: 'default' | 'block' | 'underline' | 'bar';
  isBlinking: boolean;
}

/** Modes that a program has switched on and that whoever types for it must follow. */
export interface ScreenModes {
  applicationCursorKeys: boolean;
  applicationKeypad: boolean;
  bracketedPaste: boolean;
  focusEvents: boolean;
  mouse: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  mouseEncoding: 'default' | 'utf8' | 'sgr' | 'urxvt';
  /** On the alternate screen the wheel is to send arrow keys (DEC 1007). */
  alternateScroll: boolean;
  /** Flags of the kitty keyboard protocol, 0 to 31. */
  kittyKeyboard: number;
  /** xterm's modifyOtherKeys. */
  modifyOtherKeys: 0 | 1 | 2;
  alternateScreen: boolean;
  /** The program is in the middle of a frame (DEC 2026): do not paint now. */
  synchronizedOutput: boolean;
}

/** Of a screen without a program that could ask for anything. */
export const stillModes: ScreenModes = {
  applicationCursorKeys: false,
  applicationKeypad: false,
  bracketedPaste: false,
  focusEvents: false,
  mouse: 'none',
  mouseEncoding: 'default',
  alternateScroll: false,
  kittyKeyboard: 0,
  modifyOtherKeys: 0,
  alternateScreen: false,
  synchronizedOutput: false,
};

export const noCursor: Cursor = { x: 0, y: 0, isVisible: false, shape: 'block', isBlinking: false };

/** What a screen shows at one moment, for who does not need the emulator yet that goes on from there. */
export interface Still {
  readonly cells: CellBuffer;
  readonly cursor: Cursor;
  readonly modes: ScreenModes;
}
