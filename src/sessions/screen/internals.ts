import { type IBuffer, Terminal } from '@xterm/headless';
import type { CellLink } from '../../domain/cells.ts';

/**
 * What is read of @xterm/headless beside its public interface, version 6.0.0 exactly: whole rows of cells (the public way
 * makes a dozen calls a cell), states that it does not tell, which rows changed, and parsing at once. Nothing else may reach into
 * it but `repairs.ts`, which mends what is broken there, `quick-print.ts` and `recycle-lines.ts`.
 */
interface Core {
  coreService: {
    isCursorHidden: boolean;
    modes: { insertMode: boolean };
    decPrivateModes: { wraparound: boolean; origin: boolean };
  };
  _charsetService: { glevel: number; charset: unknown; _charsets: unknown[] };
  _inputHandler: {
    _curAttrData: Pen;
    /** That of the screen that is shown. */
    _activeBuffer: RawBuffer;
    _dirtyRowTracker: { markDirty(row: number): void };
    _unicodeService: { charProperties(codePoint: number, preceding: number): number };
    _parser: Parser;
    _parseStack: { paused: boolean };
    /** A promise when a handler has paused it: the next call then goes on with the same bytes and looks at no others. */
    parse(data: Uint8Array, isHandled: boolean): Promise<boolean> | undefined;
    eraseInDisplay(parameters: { params: number[] }, respectsProtection: boolean): boolean;
    onRequestRefreshRows(listener: (rows: { start: number; end: number } | undefined) => void): unknown;
  };
  buffer: RawBuffer;
  buffers: { normal: RawBuffer; alt: RawBuffer };
}

interface Pen {
  fg: number;
  bg: number;
  extended: ExtendedAttributes;
}

/** Prints the code points from `start` up to `end`. */
export type Print = (data: Uint32Array, start: number, end: number) => void;

type Handler = (parameters: Parameters) => boolean | Promise<boolean>;

interface Parser {
  _csiHandlers: Record<number, Handler[]>;
  _transitions: { table: Uint8Array };
  _printHandler: Print;
  registerCsiHandler(id: SequenceId, handler: (parameters: Parameters) => boolean | Promise<boolean>): unknown;
  registerEscHandler(id: SequenceId, handler: () => boolean | Promise<boolean>): unknown;
  precedingJoinState: number;
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
  scrollTop: number;
  scrollBottom: number;
  /** A key for each column with a tab stop. */
  tabs: Record<number, boolean | undefined>;
  savedX: number;
  /** A line of the buffer, not a row of the screen. */
  savedY: number;
  savedCurAttrData: { fg: number; bg: number };
  savedCharset: unknown;
  lines: { length: number; get(at: number): object | undefined };
}

/** A link that cells are in; null once it was let go. */
export interface HeldLink {
  link: CellLink | null;
}

/** What few cells have. The emulator shares it among cells and replaces it whole. */
export interface ExtendedAttributes {
  /** Underline colour and style; see the masks below. */
  _ext: number;
  /** The emulator only asks whether there is one, so it may hold the link itself. */
  _urlId: number | HeldLink;
  clone(): ExtendedAttributes;
}

export interface RawLine {
  /** Three numbers a cell: content, foreground, background; see the masks below. */
  _data: Uint32Array;
  /** Text of cells that hold more than one code point. */
  _combined: Record<number, string>;
  /** Of cells with `hasExtended`. */
  _extendedAttrs: Record<number, ExtendedAttributes | undefined>;
  getWidth(x: number): number;
  hasContent(x: number): number;
  setCellFromCodepoint(x: number, codePoint: number, width: number, pen: Pen): void;
}

export const cellMask = {
  codePoint: 0x1fffff,
  isCombined: 0x200000,
  widthShift: 22,
  colourMode: 0x3000000,
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
  hasExtended: 0x10000000,
  isProtected: 0x20000000,
  // In the extended attributes.
  underlineStyleShift: 26,
  /** What SGR 59 leaves. */
  noUnderlineColour: 0x3ffffff,
} as const;

/** For the three that are named above only. */
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

type Which = 'normal' | 'alternate';

function bufferOf(terminal: Terminal, which: Which): RawBuffer {
  const { normal, alt } = coreOf(terminal).buffers;
  return which === 'normal' ? normal : alt;
}

/** First and last row of the scroll region, from 0. */
export function scrollRegion(terminal: Terminal, which: Which): { top: number; bottom: number } {
  const { scrollTop, scrollBottom } = bufferOf(terminal, which);
  return { top: scrollTop, bottom: scrollBottom };
}

/** Columns with a tab stop, from 0. */
export function tabStops(terminal: Terminal, which: Which): number[] {
  const { tabs } = bufferOf(terminal, which);
  return Object.keys(tabs)
    .map(Number)
    .filter((column) => tabs[column] && column < terminal.cols);
}

/** What the next character is written with. */
export interface RawStyle {
  /** The numbers of a cell. */
  foreground: number;
  background: number;
  extended: ExtendedAttributes;
}

export function presentStyle(terminal: Terminal): RawStyle {
  const { fg, bg, extended } = coreOf(terminal)._inputHandler._curAttrData;
  return { foreground: fg, background: bg, extended };
}

/** The next characters are in this link; null: in none. */
export function setLink(terminal: Terminal, link: HeldLink | null): void {
  const pen = coreOf(terminal)._inputHandler._curAttrData;
  pen.extended = pen.extended.clone();
  pen.extended._urlId = link ?? 0;
  const isPlain = link === null && (pen.extended._ext >>> cellMask.underlineStyleShift) % 8 === 0;
  pen.bg = isPlain ? pen.bg & ~cellMask.hasExtended : pen.bg | cellMask.hasExtended;
}

export function linkOf({ _urlId: held }: ExtendedAttributes): CellLink | null {
  return typeof held === 'object' ? held.link : null;
}

/** A character was written last, so that REP repeats it and a combining one joins it. */
export function hasPreceding(terminal: Terminal): boolean {
  return coreOf(terminal)._inputHandler._parser.precedingJoinState !== 0;
}

/** The final characters of ESC ( and the like for G0 to G3, and which of the four is in use. */
export interface Charsets {
  finals: string[];
  level: number;
}

/** All that @xterm/headless knows beside ASCII, which is `B`. */
const charsetFinals = [...'0A4C5RQKYEZH7=6'];
let finalOfTable: Map<unknown, string> | null = null;

/** It keeps tables and not their names; the tables are the same for every terminal. */
function namesOfCharsets(): Map<unknown, string> {
  if (finalOfTable) return finalOfTable;
  finalOfTable = new Map();
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off' });
  for (const final of charsetFinals) {
    parseNow(terminal, Buffer.from(`\x1b(${final}`));
    const [table] = coreOf(terminal)._charsetService._charsets;
    if (table && !finalOfTable.has(table)) finalOfTable.set(table, final);
  }
  terminal.dispose();
  return finalOfTable;
}

export function charsets(terminal: Terminal): Charsets {
  const { _charsets: tables, glevel: level } = coreOf(terminal)._charsetService;
  return namedCharsets({ tables, level });
}

export function namedCharsets({ tables, level }: SavedState['charsets']): Charsets {
  const finals = [0, 1, 2, 3].map((g) => (tables[g] ? (namesOfCharsets().get(tables[g]) ?? 'B') : 'B'));
  return { finals, level };
}

/** All that DECSC keeps. */
export interface SavedState {
  /** `cols`: beyond the last column, to wrap before the next character. */
  x: number;
  /** Row of the screen. */
  y: number;
  isOrigin: boolean;
  style: RawStyle;
  charsets: { tables: unknown[]; level: number };
}

export function stateToSave(terminal: Terminal): SavedState {
  const core = coreOf(terminal);
  const { x, y } = core.buffer;
  const { _charsets: tables, glevel: level } = core._charsetService;
  const isOrigin = core.coreService.decPrivateModes.origin;
  return { x, y, isOrigin, style: presentStyle(terminal), charsets: { tables: [...tables], level } };
}

/** What a terminal restores that has nothing saved. */
export function blankState(terminal: Terminal): SavedState {
  const extended = presentStyle(terminal).extended.clone();
  extended._ext = 0;
  extended._urlId = 0;
  const style = { foreground: 0, background: 0, extended };
  return { x: 0, y: 0, isOrigin: false, style, charsets: { tables: [], level: 0 } };
}

/** Makes the emulator's own DECRC, which comes next, bring all of `state` back on that screen. */
export function prepareRestore(terminal: Terminal, which: Which, state: SavedState): void {
  const core = coreOf(terminal);
  const buffer = bufferOf(terminal, which);
  const { foreground, background, extended } = state.style;
  const pen = core._inputHandler._curAttrData;
  const charsetService = core._charsetService;
  buffer.savedX = state.x;
  buffer.savedY = buffer.ybase + state.y;
  buffer.savedCurAttrData.fg = foreground;
  buffer.savedCurAttrData.bg = background;
  pen.extended = extended;
  charsetService._charsets = [...state.charsets.tables];
  charsetService.glevel = state.charsets.level;
  buffer.savedCharset = state.charsets.tables[state.charsets.level];
  core.coreService.decPrivateModes.origin = state.isOrigin;
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
