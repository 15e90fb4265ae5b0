import { SerializeAddon } from '@xterm/addon-serialize';
import type { Emulator } from './emulator.ts';
import { mouseEncoding, scrollRegion } from './internals.ts';

/**
 * Bytes that draw the emulator's visible screen on a new one of the same size, modes and cursor included. What the serializer
 * leaves out is added: scroll region, mouse encoding, cursor visibility and shape.
 */
export function snapshot(emulator: Emulator): string {
  const { terminal, cursor, shapeParameter } = emulator;
  const addon = new SerializeAddon();
  terminal.loadAddon(addon as never);
  const screen = addon.serialize({ scrollback: 0 });
  addon.dispose();
  const { top, bottom } = scrollRegion(terminal);
  const hasRegion = top !== 0 || bottom !== terminal.rows - 1;
  const parts = [screen];
  // Setting a region moves the cursor home: it is put back after it, in absolute rows.
  if (hasRegion && !terminal.modes.originMode) {
    const { cursorX, cursorY } = terminal.buffer.active;
    parts.push(`\x1b[${top + 1};${bottom + 1}r\x1b[${cursorY + 1};${Math.min(cursorX, terminal.cols - 1) + 1}H`);
  }
  if (mouseEncoding(terminal) === 'SGR') parts.push('\x1b[?1006h');
  if (shapeParameter !== 0) parts.push(`\x1b[${shapeParameter} q`);
  if (!cursor.isVisible) parts.push('\x1b[?25l');
  return parts.join('');
}

/** The visible screen with SGR attributes, a row a line. */
export function ansiRows(emulator: Emulator): string {
  const addon = new SerializeAddon();
  emulator.terminal.loadAddon(addon as never);
  const { baseY } = emulator.terminal.buffer.active;
  const rows = Array.from({ length: emulator.rows }, (_, y) =>
    addon.serialize({ range: { start: baseY + y, end: baseY + y }, excludeModes: true, excludeAltBuffer: false }),
  );
  addon.dispose();
  return rows.join('\x1b[0m\n');
}
