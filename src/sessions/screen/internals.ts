import type { IBuffer, Terminal } from '@xterm/headless';

/**
 * What is read of @xterm/headless beside its public interface, version 6.0.0 exactly: whole rows of cells (the public way
 * makes a dozen calls a cell), three states that it does not tell, which rows changed, and parsing at once. Nothing else may reach into it.
 */
interface Core {
  coreService: { isCursorHidden: boolean };
  _inputHandler: {
    _curAttrData: { fg: number; bg: number };
    parse(data: Uint8Array): unknown;
    onRequestRefreshRows(listener: (rows: { start: number; end: number } | undefined) => void): unknown;
  };
  buffer: { scrollTop: number; scrollBottom: number };
}

export interface RawLine {
  /** Three numbers a cell: content, foreground, background; see the masks below. */
  _data: Uint32Array;
  /** Text of cells that hold more than one code point. */
  _combined: Record<number, string>;
}

export const cellMask = {
  codePoint: 0x1fffff,
  isCombined: 0x200000,
  widthShift: 22,
  colourMode: 0x3000000,
  palette16: 0x1000000,
  palette256: 0x2000000,
  rgb: 0x3000000,
  // In the foreground number.
  inverse: 0x4000000,
  bold: 0x8000000,
  underline: 0x10000000,
  blink: 0x20000000,
  invisible: 0x40000000,
  strikethrough: 0x80000000,
  // In the background number.
  italic: 0x4000000,
  dim: 0x8000000,
  overline: 0x40000000,
} as const;

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

export function isCursorHidden(terminal: Terminal): boolean {
  return coreOf(terminal).coreService.isCursorHidden;
}

/** Parses before it returns; the public way waits for a timer of a millisecond first, and holds the event loop for 12. */
export function parseNow(terminal: Terminal, data: Uint8Array): void {
  coreOf(terminal)._inputHandler.parse(data);
}

/** First and last row of the scroll region, from 0. */
export function scrollRegion(terminal: Terminal): { top: number; bottom: number } {
  const { scrollTop, scrollBottom } = coreOf(terminal).buffer;
  return { top: scrollTop, bottom: scrollBottom };
}

/** What the next character is written with: the numbers of a cell. */
export function presentStyle(terminal: Terminal): { foreground: number; background: number } {
  const { fg, bg } = coreOf(terminal)._inputHandler._curAttrData;
  return { foreground: fg, background: bg };
}

/** Tells after each parse which of the visible rows it may have changed; undefined: any. */
export function onRowsChanged(
  terminal: Terminal,
  listener: (rows: { start: number; end: number } | undefined) => void,
): void {
  coreOf(terminal)._inputHandler.onRequestRefreshRows(listener);
}

export function rawLine(buffer: IBuffer, at: number): RawLine | undefined {
  const line = buffer.getLine(at);
  return line && (line as unknown as { _line: RawLine })._line;
}
