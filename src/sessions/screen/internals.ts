import type { IBuffer, Terminal } from '@xterm/headless';

/**
 * What is read of @xterm/headless beside its public interface, version 6.0.0 exactly: whole rows of cells (the public way
 * makes a dozen calls a cell), three states that it does not tell, which rows changed, and parsing at
 * once. Nothing else may reach into it but `repairs.ts`, which mends what is broken there.
 */
interface Core {
  coreService: { isCursorHidden: boolean; decPrivateModes: { wraparound: boolean } };
  _inputHandler: {
    _curAttrData: { fg: number; bg: number; extended: ExtendedAttributes };
    _parser: Parser;
    _parseStack: { paused: boolean };
    /** A promise when a handler has paused it: the next call then goes on with the same bytes and looks at no others. */
    parse(data: Uint8Array, isHandled: boolean): Promise<boolean> | undefined;
    saveCursor(): boolean;
    restoreCursor(): boolean;
    setHyperlink(data: string): boolean;
    eraseInDisplay(parameters: { params: number[] }, respectsProtection: boolean): boolean;
    onRequestRefreshRows(listener: (rows: { start: number; end: number } | undefined) => void): unknown;
  };
  _oscLinkService: {
    registerLink(link: LinkData): number;
    addLineToLink(link: number, line: number): void;
    getLinkData(link: number): LinkData | undefined;
  };
  buffer: RawBuffer;
  _bufferService: { buffers: { normal: RawBuffer; alt: RawBuffer } };
  _charsetService: { glevel: number; _charsets: (Record<string, string> | undefined)[] };
}

export interface LinkData {
  id?: string;
  uri: string;
}

type Handler = (parameters: Parameters) => boolean | Promise<boolean>;

interface Parser {
  _csiHandlers: Record<number, Handler[]>;
  _transitions: { table: Uint8Array };
  _printHandler: (data: Uint32Array, start: number, end: number) => void;
  registerCsiHandler(id: SequenceId, handler: (parameters: Parameters) => boolean | Promise<boolean>): unknown;
  registerEscHandler(id: SequenceId, handler: () => boolean | Promise<boolean>): unknown;
  reset(): void;
}

export interface SequenceId {
  prefix?: string;
  intermediates?: string;
  final: string;
}

/** The numbers of a control sequence as the parser holds them: a change of `params` is a change for all that follow. */
export interface Parameters {
  params: Int32Array;
  length: number;
}

export interface RawBuffer {
  x: number;
  y: number;
  ybase: number;
  savedX: number;
  savedY: number;
  savedCurAttrData: { fg: number; bg: number; extended: ExtendedAttributes };
  /** Columns with a tab stop. */
  tabs: Record<number, boolean>;
  scrollTop: number;
  scrollBottom: number;
  lines: { length: number; get(at: number): object | undefined };
}

export interface RawLine {
  /** Three numbers a cell: content, foreground, background; see the masks below. */
  _data: Uint32Array;
  /** Text of cells that hold more than one code point. */
  _combined: Record<number, string>;
  /** Of cells with the bit `hasExtended`. */
  _extendedAttrs: Record<number, ExtendedAttributes | undefined>;
}

interface ExtendedAttributes {
  /** Style and colour of the underline, see the masks below. */
  _ext: number;
  _urlId: number;
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
  // In what is beside them.
  underlineStyleShift: 26,
  underlineStyle: 0x1c000000,
  underlineColour: 0x3ffffff,
  // In the background number.
  hasExtended: 0x10000000,
  italic: 0x4000000,
  dim: 0x8000000,
  overline: 0x40000000,
} as const;

/** For `repairs.ts` only. */
export function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

export function isCursorHidden(terminal: Terminal): boolean {
  return coreOf(terminal).coreService.isCursorHidden;
}

/**
 * Parses before it returns; the public way waits for a timer of a millisecond first, and holds the event loop for 12. False:
 * a handler gave a promise, which pauses it; the next call goes on with what is left of `data`, so it has to be given again.
 * Never throws.
 */
export function parseNow(terminal: Terminal, data: Uint8Array): boolean {
  const handler = coreOf(terminal)._inputHandler;
  try {
    return handler.parse(data, false) === undefined;
  } catch {
    // No handler throws (`repairs.ts`), so it is the parser itself: the rest of `data` is lost, what follows is not.
    handler._parseStack.paused = false;
    handler._parser.reset();
    return true;
  }
}

/** As `terminal.parser.registerCsiHandler`, with numbers that can be changed for the handlers that come after. */
export function onSequence(
  terminal: Terminal,
  id: SequenceId,
  handler: (parameters: Parameters) => boolean | Promise<boolean>,
): void {
  coreOf(terminal)._inputHandler._parser.registerCsiHandler(id, handler);
}

/** As `terminal.parser.registerEscHandler`, whose type knows no promise. */
export function onEscape(terminal: Terminal, id: SequenceId, handler: () => boolean | Promise<boolean>): void {
  coreOf(terminal)._inputHandler._parser.registerEscHandler(id, handler);
}

/** Columns with a tab stop, in order, on the screen that is shown. */
export function tabStops(terminal: Terminal): number[] {
  const { tabs } = coreOf(terminal).buffer;
  return Object.keys(tabs)
    .map(Number)
    .filter((column) => tabs[column] && column < terminal.cols)
    .sort((a, b) => a - b);
}

/** Which of G0 and G1 draw lines instead of letters, and which of the two is in use. */
export function characterSets(terminal: Terminal): { drawsLines: [boolean, boolean]; inUse: number } {
  const { glevel, _charsets: sets } = coreOf(terminal)._charsetService;
  const drawsLines = (set: number) => sets[set]?.['`'] !== undefined;
  return { drawsLines: [drawsLines(0), drawsLines(1)], inUse: glevel };
}

/** First and last row of the scroll region of one of the screens, from 0. */
export function scrollRegion(terminal: Terminal, screen: 'normal' | 'alt'): { top: number; bottom: number } {
  const { scrollTop, scrollBottom } = coreOf(terminal)._bufferService.buffers[screen];
  return { top: scrollTop, bottom: scrollBottom };
}

/** A cell's look as the parser keeps it. */
export interface CellNumbers {
  foreground: number;
  background: number;
  extended: number;
  linkId: number;
}

/** What the next character is written with: the numbers of a cell. */
export function presentStyle(terminal: Terminal): CellNumbers {
  const { fg, bg, extended } = coreOf(terminal)._inputHandler._curAttrData;
  return { foreground: fg, background: bg, extended: extended._ext, linkId: extended._urlId };
}

/** The address of a link by its number; '' when it is no longer known. */
export function linkAddress(terminal: Terminal, id: number): string {
  return coreOf(terminal)._oscLinkService.getLinkData(id)?.uri ?? '';
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
