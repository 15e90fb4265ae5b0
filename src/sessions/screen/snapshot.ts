import type { IBuffer } from '@xterm/headless';
import { CellBuffer } from '../../domain/cells.ts';
import { blitBuffer } from './blit.ts';
import { characters, RawPen } from './draw-raw.ts';
import { drawRow } from './draw-rows.ts';
import type { Emulator } from './emulator.ts';
import {
  type Charsets,
  cellMask,
  charsets,
  hasPreceding,
  namedCharsets,
  presentStyle,
  type RawStyle,
  rawLine,
  type SavedState,
  scrollRegion,
  tabStops,
} from './internals.ts';

const mouseModes: Record<string, string> = { x10: '9', vt200: '1000', drag: '1002', any: '1003' };

type Which = 'normal' | 'alternate';

/**
 * Bytes that draw the emulator's visible screen on a new one of the same size, which then goes on as this one: cells with
 * their links, both screens with their tab stops, scroll regions and saved cursors, modes, character sets, the cursor, what it
 * writes with, and the character that would be repeated or joined. Not kept: history, and that the first row on the screen
 * goes on from a line above it.
 */
export function snapshot(emulator: Emulator): string {
  const { terminal, cursor, shapeParameter } = emulator;
  const { modes } = terminal;
  const input = emulator.input.snapshot();
  const shown = terminal.buffer.active.type;
  const pen = new RawPen();
  const parts: string[] = [input.before];
  if (shown === 'alternate') parts.push(drawScreen(emulator, pen, 'normal'), '\x1b[?1047h');
  else if (emulator.saved.alternate) {
    parts.push('\x1b[?1047h', saveCursor(emulator, pen, 'alternate'), '\x1b[?1047l');
  }
  parts.push(drawScreen(emulator, pen, shown));
  if (modes.originMode) parts.push('\x1b[?6h');
  if (modes.reverseWraparoundMode) parts.push('\x1b[?45h');
  if (!modes.wraparoundMode) parts.push('\x1b[?7l');
  const last = lastCharacter(emulator);
  const isJoined = hasPreceding(terminal) && last !== null;
  if (!isJoined) parts.push(placeCursor(emulator, pen, last));
  if (modes.insertMode) parts.push('\x1b[4h');
  if (terminal.options.convertEol) parts.push('\x1b[20h');
  parts.push(selectCharsets(charsets(terminal)));
  if (modes.applicationCursorKeysMode) parts.push('\x1b[?1h');
  if (modes.applicationKeypadMode) parts.push('\x1b=');
  if (modes.bracketedPasteMode) parts.push('\x1b[?2004h');
  if (modes.sendFocusMode) parts.push('\x1b[?1004h');
  const mouse = mouseModes[modes.mouseTrackingMode];
  if (mouse) parts.push(`\x1b[?${mouse}h`);
  parts.push(input.after);
  if (shapeParameter !== 0) parts.push(`\x1b[${shapeParameter} q`);
  if (!cursor.isVisible) parts.push('\x1b[?25l');
  parts.push(pen.style(presentStyle(terminal)));
  // A viewer does not paint until the program has ended its frame.
  if (modes.synchronizedOutputMode) parts.push('\x1b[?2026h');
  if (isJoined) parts.push(repeatLast(emulator, last));
  return parts.join('');
}

/** The visible screen with SGR attributes, a row a line. */
export function ansiRows(emulator: Emulator): string {
  const { cols, rows } = emulator;
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  return Array.from({ length: rows }, (_, y) => drawRow(cells, y)).join('\n');
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

/** One of the two screens with all that belongs to it but the cursor, which is left anywhere. */
function drawScreen(emulator: Emulator, pen: RawPen, which: Which): string {
  const { terminal, cols, rows } = emulator;
  const parts = [drawCells(emulator, pen, terminal.buffer[which]), drawTabStops(tabStops(terminal, which), cols)];
  const { top, bottom } = scrollRegion(terminal, which);
  if (top !== 0 || bottom !== rows - 1) parts.push(`\x1b[${top + 1};${bottom + 1}r`);
  parts.push(saveCursor(emulator, pen, which));
  return parts.join('');
}

/** A row that goes on in the next is drawn whole and not ended: the new emulator wraps it itself, and knows that it did. */
function drawCells(emulator: Emulator, pen: RawPen, buffer: IBuffer): string {
  const { rows, cols } = emulator;
  const isWrapped = (y: number) => y > 0 && y < rows && buffer.getLine(buffer.baseY + y)?.isWrapped === true;
  const drawn = Array.from({ length: rows }, (_, y) => {
    const line = rawLine(buffer, buffer.baseY + y);
    if (!line) return '';
    // Something must be written for a row to wrap; what stands in the row comes over it.
    const place = isWrapped(y) ? `${pen.end()} \r\x1b[X` : `\x1b[${y + 1};1H`;
    const row = pen.row(line, cols, isWrapped(y + 1));
    return row === '' && !isWrapped(y) ? '' : place + row;
  });
  return drawn.join('') + pen.end();
}

function drawTabStops(stops: number[], cols: number): string {
  const isUsual = stops.length === Math.ceil(cols / 8) && stops.every((column) => column % 8 === 0);
  return isUsual ? '' : `\x1b[3g${stops.map((column) => `\x1b[1;${column + 1}H\x1bH`).join('')}`;
}

function saveCursor(emulator: Emulator, pen: RawPen, which: Which): string {
  const saved: SavedState | null = emulator.saved[which];
  if (!saved) return '';
  const { top } = scrollRegion(emulator.terminal, which);
  const names = namedCharsets(saved.charsets);
  const row = Math.max(0, saved.y - (saved.isOrigin ? top : 0)) + 1;
  const place = `${saved.isOrigin ? '\x1b[?6h' : ''}\x1b[${row};${saved.x + 1}H`;
  const isPlain = selectCharsets(names) === '';
  const back = `${saved.isOrigin ? '\x1b[?6l' : ''}${isPlain ? '' : selectCharsets(plainCharsets, true)}`;
  return `${place}${selectCharsets(names)}${pen.style(saved.style)}\x1b7${pen.end()}${back}`;
}

const plainCharsets: Charsets = { finals: ['B', 'B', 'B', 'B'], level: 0 };

/** From `plainCharsets`, or `isAll`: from any. */
function selectCharsets({ finals, level }: Charsets, isAll = false): string {
  const designated = finals.map((final, g) => (final === 'B' && !isAll ? '' : `\x1b${'()*+'[g]}${final}`));
  const shift = ['\x0f', '\x0e', '\x1bn', '\x1bo'][level] ?? '';
  return designated.join('') + (level === 0 && !isAll ? '' : shift);
}

/** After a character in the last column the cursor waits beyond it, to wrap before the next: it gets there by drawing that again. */
function placeCursor(emulator: Emulator, pen: RawPen, last: LastCharacter | null): string {
  const { cursorX: x } = emulator.terminal.buffer.active;
  if (x < emulator.cols || !last) return goTo(emulator, x);
  // Nothing is to join it: SI, which does nothing else here.
  return `${goTo(emulator, last.x)}${pen.style(last.style)}${last.text}\x0f`;
}

/** Draws the character before the cursor again: REP and combining characters go on from it. */
function repeatLast(emulator: Emulator, { x, width, text }: LastCharacter): string {
  const { insertMode } = emulator.terminal.modes;
  return `${goTo(emulator, x)}${insertMode ? `\x1b[${width}P` : ''}${text}`;
}

interface LastCharacter {
  x: number;
  width: number;
  text: string;
  style: Partial<RawStyle>;
}

/** The one before the cursor; null when none ends there. */
function lastCharacter({ terminal }: Emulator): LastCharacter | null {
  const { active } = terminal.buffer;
  const line = rawLine(active, active.baseY + active.cursorY);
  const data = line?._data ?? [];
  let x = Math.max(0, active.cursorX - 1);
  if (x > 0 && (data[x * 3] ?? 0) >>> cellMask.widthShift === 0) x -= 1;
  const content = data[x * 3] ?? 0;
  const width = active.cursorX - x;
  if (content >>> cellMask.widthShift !== width) return null;
  const style = { foreground: data[x * 3 + 1], background: data[x * 3 + 2], extended: line?._extendedAttrs[x] };
  return { x, width, text: characters(content, line?._combined[x]), style };
}

function goTo({ terminal }: Emulator, x: number): string {
  const { type, cursorY } = terminal.buffer.active;
  const firstRow = terminal.modes.originMode ? scrollRegion(terminal, type).top : 0;
  return `\x1b[${cursorY - firstRow + 1};${x + 1}H`;
}
