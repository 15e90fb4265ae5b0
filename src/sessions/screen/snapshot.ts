import type { IBuffer } from '@xterm/headless';
import { CellBuffer } from '../../domain/cells.ts';
import { blitBuffer, styleOf } from './blit.ts';
import { drawRow, openLink, sgr } from './draw-rows.ts';
import type { Emulator } from './emulator.ts';
import { characterSets, presentStyle, scrollRegion, tabStops } from './internals.ts';
import { savedCursor } from './repairs.ts';

const mouseModes: Record<string, string> = { x10: '9', vt200: '1000', drag: '1002', any: '1003' };

/**
 * Bytes that draw the emulator's visible screen on a new one of the same size: cells, both screens with their scroll regions and
 * saved cursors, modes, tab stops, character sets, the cursor and the look that it writes with. Not kept: history; the
 * character set that was saved with a cursor; a cursor outside of the region that is its origin; tab stops of the screen that
 * is not shown; the colour of an underline that is not drawn yet.
 */
export function snapshot(emulator: Emulator): string {
  const { terminal, cursor, shapeParameter } = emulator;
  const { normal, active } = terminal.buffer;
  const { modes } = terminal;
  const input = emulator.input.snapshot();
  const parts: string[] = [input.before];
  const isAlternate = active.type === 'alternate';
  if (isAlternate) {
    const place = `\x1b[${normal.cursorY + 1};${normal.cursorX + 1}H`;
    parts.push(
      drawBuffer(emulator, normal),
      saveCursor(emulator, 'normal'),
      setRegion(emulator, 'normal'),
      place,
      '\x1b[?1047h',
    );
  } else {
    // What the other screen will have when the program comes back to it.
    const kept = saveCursor(emulator, 'alt') + setRegion(emulator, 'alt');
    if (kept !== '') parts.push(`\x1b[?1047h${kept}\x1b[?1047l`);
  }
  const screen = isAlternate ? 'alt' : 'normal';
  parts.push(
    drawBuffer(emulator, active),
    setTabStops(emulator),
    saveCursor(emulator, screen),
    setRegion(emulator, screen),
  );
  if (modes.originMode) parts.push('\x1b[?6h');
  parts.push(placeCursor(emulator, modes.originMode ? scrollRegion(terminal, screen).top : 0));
  const style = styleOf(terminal, presentStyle(terminal));
  if (style.decoration?.link) parts.push(openLink(style.decoration.link));
  parts.push(
    sgr(style.foreground, style.background, style.attributes, style.decoration),
    chooseCharacterSets(emulator),
  );
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

function setRegion({ terminal }: Emulator, screen: 'normal' | 'alt'): string {
  const { top, bottom } = scrollRegion(terminal, screen);
  return top === 0 && bottom === terminal.rows - 1 ? '' : `\x1b[${top + 1};${bottom + 1}r`;
}

function saveCursor({ terminal }: Emulator, screen: 'normal' | 'alt'): string {
  const saved = savedCursor(terminal, screen);
  const { foreground, background, attributes, decoration } = styleOf(terminal, saved);
  if (saved.x === 0 && saved.y === 0 && foreground + background + attributes === 0) return '';
  const look = sgr(foreground, background, attributes, decoration);
  return `\x1b[${saved.y + 1};${saved.x + 1}H${look}\x1b7${sgr(0, 0, 0)}`;
}

/** Columns between two tab stops of a new terminal. */
const tabColumns = 8;

function setTabStops({ terminal }: Emulator): string {
  const stops = tabStops(terminal);
  const usual = Math.ceil(terminal.cols / tabColumns);
  if (stops.length === usual && stops.every((column, index) => column === index * tabColumns)) return '';
  return `\x1b[3g${stops.map((column) => `\x1b[1;${column + 1}H\x1bH`).join('')}`;
}

function chooseCharacterSets({ terminal }: Emulator): string {
  const { drawsLines, inUse } = characterSets(terminal);
  return `${drawsLines[0] ? '\x1b(0' : ''}${drawsLines[1] ? '\x1b)0' : ''}${inUse === 1 ? '\x0e' : ''}`;
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
    blitBuffer(emulator.terminal, normal, cells, 0, 0, emulator.cols, 1, line);
    const isContinued = normal.getLine(line + 1)?.isWrapped === true;
    text += drawRow(cells, 0, isContinued);
    if (!isContinued && line + 1 < normal.length) text += '\r\n';
  }
  return text + snapshot(emulator);
}

function cellsOf({ terminal, cols, rows }: Emulator, buffer: IBuffer): CellBuffer {
  const cells = new CellBuffer(cols, rows);
  blitBuffer(terminal, buffer, cells, 0, 0, cols, rows);
  return cells;
}

/** A row that goes on in the next is drawn whole and not ended: the new emulator wraps it itself, and knows that it did. */
function drawBuffer(emulator: Emulator, buffer: IBuffer): string {
  const cells = cellsOf(emulator, buffer);
  const isWrapped = (y: number) => buffer.getLine(buffer.baseY + y)?.isWrapped === true;
  const rows = Array.from({ length: emulator.rows }, (_, y) => {
    const place = y > 0 && isWrapped(y) ? '' : `\x1b[${y + 1};1H`;
    return `${place}${drawRow(cells, y, y + 1 < emulator.rows && isWrapped(y + 1), true)}`;
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
  const decoration = cells.decoration[index] ?? null;
  const [foreground = 0, background = 0, attributes = 0] = [
    cells.foreground[index],
    cells.background[index],
    cells.attributes[index],
  ];
  const style = sgr(foreground, background, attributes, decoration);
  const link = decoration?.link ?? '';
  const text = link === '' ? cells.text[index] : `${openLink(link)}${cells.text[index]}${openLink('')}`;
  return `\x1b[${row};${(index % emulator.cols) + 1}H${style}${text}`;
}
