import type { Cursor, ScreenModes } from '../../domain/screen-state.ts';

/** Of a screen that the dashboard draws: no program is behind it that could ask for anything. */
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
