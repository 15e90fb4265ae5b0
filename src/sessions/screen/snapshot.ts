import type { IBuffer } from '@xterm/headless';
import { CellBuffer } from '../../domain/cells.ts';
import { blitBuffer, styleOf } from './blit.ts';
import { drawRow, sgr } from './draw-rows.ts';
import type { Emulator } from './emulator.ts';
import { presentStyle, scrollRegion } from './internals.ts';

const mouseModes: Record<string, string> = { x10: '9', vt200: '1000', drag: '1002', any: '1003' };

/**
 * Bytes that draw the emulator's visible screen on a new one of the same size: cells, both screens, modes, scroll region, the
 * cursor and the attributes it writes with. Not kept: history, links, tab stops, character sets, a cursor saved by ESC 7.
 */
export function snapshot(emulator: Emulator): string {
  const { terminal, cursor, shapeParameter } = emulator;
  const { normal, active } = terminal.buffer;
  const { modes } = terminal;
  const input = emulator.input.snapshot();
  const parts: string[] = [input.before];
  if (active.type === 'alternate') {
    parts.push(drawBuffer(emulator, normal), `\x1b[${normal.cursorY + 1};${normal.cursorX + 1}H\x1b[?1049h`);
  }
  parts.push(drawBuffer(emulator, active));
  const { top, bottom } = scrollRegion(terminal);
  if (top !== 0 || bottom !== terminal.rows - 1) parts.push(`\x1b[${top + 1};${bottom + 1}r`);
  if (modes.originMode) parts.push('\x1b[?6h');
  parts.push(placeCursor(emulator, modes.originMode ? top : 0));
  const { foreground, background } = presentStyle(terminal);
  const style = styleOf(foreground, background);
  parts.push(sgr(style.foreground, style.background, style.attributes));
  if (modes.applicationCursorKeysMode) parts.push('\x1b[?1h');
  if (modes.applicationKeypadMode) parts.push('\x1b=');
  if (modes.bracketedPasteMode) parts.push('\x1b[?2004h');
  if (modes.sendFocusMode) parts.push('\x1b[?1004h');
  if (modes.insertMode) parts.push('\x1b[4h');
  if (modes.reverseWraparoundMode) parts.push('\x1b[?45h');
  if (!modes.wraparoundMode) parts.push('\x1b[?7l');
  const mouse = mouseModes[modes.mouseTrackingMode];
  if (mouse) parts.push(`\x1b[?${mouse}h`);
  parts.push(input.after);
  if (shapeParameter !== 0) parts.push(`\x1b[${shapeParameter} q`);
  if (!cursor.isVisible) parts.push('\x1b[?25l');
  // Last: a viewer does not paint until the program has ended its frame.
  if (modes.synchronizedOutputMode) parts.push('\x1b[?2026h');
  return parts.join('');
}

/** The visible screen with SGR attributes, a row a line. */
export function ansiRows(emulator: Emulator): string {
  const cells = cellsOf(emulator, emulator.terminal.buffer.active);
  return Array.from({ length: emulator.rows }, (_, y) => drawRow(cells, y)).join('\n');
}

/** Bytes that draw on a new emulator what this one holds: the lines above the screen of its main buffer, and the screen. */
export function ansiLines(emulator: Emulator): string {
  const { normal } = emulator.terminal.buffer;
  const cells = new CellBuffer(emulator.cols, 1);
  let text = '';
  for (let line = 0; line < normal.length; line++) {
    cells.clear();
    blitBuffer(normal, cells, 0, 0, emulator.cols, 1, line);
    const isContinued = normal.getLine(line + 1)?.isWrapped === true;
    text += drawRow(cells, 0, isContinued);
    if (!isContinued && line + 1 < normal.length) text += '\r\n';
  }
  return text + snapshot(emulator);
}

function cellsOf({ cols, rows }: Emulator, buffer: IBuffer): CellBuffer {
  const cells = new CellBuffer(cols, rows);
  blitBuffer(buffer, cells, 0, 0, cols, rows);
  return cells;
}

/** A row that goes on in the next is drawn whole and not ended: the new emulator wraps it itself, and knows that it did. */
function drawBuffer(emulator: Emulator, buffer: IBuffer): string {
  const cells = cellsOf(emulator, buffer);
  const isWrapped = (y: number) => buffer.getLine(buffer.baseY + y)?.isWrapped === true;
  const rows = Array.from({ length: emulator.rows }, (_, y) => {
    const place = y > 0 && isWrapped(y) ? '' : `\x1b[${y + 1};1H`;
    return `${place}${drawRow(cells, y, y + 1 < emulator.rows && isWrapped(y + 1))}`;
  });
  return rows.join('');
}

/** After a character in the last column the cursor waits beyond it, to wrap before the next: it gets there by drawing that again. */
function placeCursor(emulator: Emulator, firstRow: number): string {
  const { active } = emulator.terminal.buffer;
  const { cursorX: x, cursorY: y } = active;
  const row = y - firstRow + 1;
  if (x < emulator.cols) return `\x1b[${row};${x + 1}H`;
  const cells = cellsOf(emulator, active);
  let index = (y + 1) * emulator.cols - 1;
  if (cells.width[index] === 0) index -= 1;
  const style = sgr(cells.foreground[index] ?? 0, cells.background[index] ?? 0, cells.attributes[index] ?? 0);
  return `\x1b[${row};${(index % emulator.cols) + 1}H${style}${cells.text[index]}`;
}
