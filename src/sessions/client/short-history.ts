import { CellBuffer } from '../../domain/cells.ts';
import type { ScreenFactory, ScrollbackScreen } from '../../ports/screen.ts';
import { drawRow } from '../screen/draw-rows.ts';

/** Lines that a viewer keeps of what it saw itself. */
const linesMax = 5_000;

/** Screens that keep the lines which leave them. */
export function withHistory(screens: ScreenFactory): ScreenFactory {
  return { create: (cols, rows, options = {}) => screens.create(cols, rows, { scrollback: linesMax, ...options }) };
}

/** The lines of a screen on one of its own, which no longer changes. */
export function copyOfLines(screen: ScrollbackScreen, screens: ScreenFactory): ScrollbackScreen {
  const { cols, rows, lineCount, cursor } = screen;
  const cells = new CellBuffer(cols, lineCount);
  screen.blitLines(0, cells, 0, 0, cols, lineCount);
  const copy = screens.create(cols, rows, { scrollback: linesMax });
  for (let line = 0; line < lineCount; line++) {
    const isJoined = line + 1 < lineCount && screen.isWrapped(line + 1);
    copy.write(drawRow(cells, line, isJoined) + (isJoined || line + 1 === lineCount ? '' : '\r\n'));
  }
  copy.write(`\x1b[${cursor.y + 1};${cursor.x + 1}H`);
  return copy;
}
