import type { Terminal } from '@xterm/headless';
import { type CellNumbers, coreOf, type LinkData, onSequence, type RawBuffer } from './internals.ts';

/**
 * Code points that one cell may hold; further ones are dropped. A family of four with skin tones has 11, and no script needs
 * more than a few marks on a letter.
 */
export const cellCodePointsMax = 16;

/** Longest OSC 4 that is looked at, in bytes: the parser takes a time that grows with its square. */
const paletteBytesMax = 1_024;

/** Longest OSC 8, in bytes: what browsers take of an address. A longer one ends the link before it and begins none. */
const linkBytesMax = 2_083;

/** Links that are known at once, the newest, 2 MB at most: what is written with an older one is plain text. */
export const linksMax = 1_000;

/** Mends what a program could break the emulator with. For a new terminal, before any handler is added to it. */
export function repair(terminal: Terminal): void {
  guardHandlers(terminal);
  capCells(terminal);
  keepSavedRow(terminal);
  eraseAboveLastCell(terminal);
  terminal.parser.registerOscHandler(4, (data) => data.length > paletteBytesMax);
  boundLinks(terminal);
  skipBeyondAscii(terminal);
}

/** One that throws would end the parse: what follows its sequence would be lost, and the process with it. */
function guardHandlers(terminal: Terminal): void {
  const core = coreOf(terminal);
  const { _parser: parser } = core._inputHandler;
  for (const handlers of Object.values(parser._csiHandlers)) {
    for (const [at, handler] of handlers.entries()) {
      handlers[at] = (parameters) => {
        try {
          return handler(parameters);
        } catch {
          return true;
        }
      };
    }
  }
  const print = parser._printHandler;
  const { coreService } = core;
  parser._printHandler = (data, start, end) => {
    try {
      if (coreService.decPrivateModes.wraparound) print(data, start, end);
      // A wide character that meets the last column without wrap is drawn otherwise at the start of a run than within it.
      else for (let at = start; at < end; at++) print(data, at, at + 1);
    } catch {
      // The text of this run is lost from the place where it threw.
    }
  };
}

/**
 * A character beyond ASCII in a sequence would end it without a word: the rest would be shown as text, and `ClampFilter` would
 * not know. It is skipped.
 */
function skipBeyondAscii(terminal: Terminal): void {
  const { table } = coreOf(terminal)._inputHandler._parser._transitions;
  // The table of all terminals is one: 256 entries a state, of which 0xa0 stands for every character beyond ASCII. An entry is
  // an action and, in its lower 4 bits, the next state.
  const entry = (state: number) => (state << 8) | 0xa0;
  const error = 1 << 4;
  for (let state = 1; state < 16; state++) if (table[entry(state)] === error) table[entry(state)] = state;
}

interface CombiningLine {
  _combined: Record<number, string>;
  addCodepointToCell(x: number, codePoint: number, width: number): void;
}

const capped = new WeakSet<object>();

/** The lines of all terminals have one prototype. */
function capCells(terminal: Terminal): void {
  const { lines } = coreOf(terminal).buffer;
  const prototype = Object.getPrototypeOf(lines.get(0)) as CombiningLine;
  if (capped.has(prototype)) return;
  capped.add(prototype);
  const add = prototype.addCodepointToCell;
  prototype.addCodepointToCell = function (x, codePoint, width) {
    const text = this._combined[x];
    // A stale text of a cell that holds one code point now is replaced, not added to.
    if (text !== undefined && text.length >= cellCodePointsMax && [...text].length >= cellCodePointsMax) {
      if ((this as unknown as { isCombined(x: number): number }).isCombined(x)) return;
    }
    add.call(this, x, codePoint, width);
  };
}

/** Beside the buffers: with an accessor of theirs all access to them takes four times as long. */
const savedRows = new WeakMap<RawBuffer, { row: number; line: number }>();

/** Where ESC 8 would take the cursor on one of the two screens, and the look that it would write with. */
export function savedCursor(terminal: Terminal, screen: 'normal' | 'alt'): CellNumbers & { x: number; y: number } {
  const buffer = coreOf(terminal)._bufferService.buffers[screen];
  const { fg, bg, extended } = buffer.savedCurAttrData;
  const look = { foreground: fg, background: bg, extended: extended._ext, linkId: extended._urlId };
  const y = savedRows.get(buffer)?.row ?? Math.max(0, buffer.savedY - buffer.ybase);
  return { ...look, x: Math.min(buffer.savedX, terminal.cols - 1), y: Math.min(y, terminal.rows - 1) };
}

/** ESC 7 keeps a row of the history: after lines went there ESC 8 would come back to another row of the screen. */
function keepSavedRow(terminal: Terminal): void {
  const core = coreOf(terminal);
  const { _inputHandler: handler } = core;
  const save = handler.saveCursor.bind(handler);
  const restore = handler.restoreCursor.bind(handler);
  handler.saveCursor = () => {
    savedRows.set(core.buffer, { row: core.buffer.y, line: core.buffer.ybase + core.buffer.y });
    return save();
  };
  handler.restoreCursor = () => {
    const { buffer } = core;
    const place = savedRows.get(buffer);
    // A new size moves the line that is kept, and its row is then what is left of it.
    if (place && place.line === buffer.savedY) {
      place.line = place.row + buffer.ybase;
      buffer.savedY = place.line;
    }
    return restore();
  };
  terminal.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => {
    savedRows.delete(core.buffer);
    return false;
  });
}

/** `CSI 1 J` in the last cell throws: it looks at the line below. From there it erases all, which is another sequence. */
function eraseAboveLastCell(terminal: Terminal): void {
  const core = coreOf(terminal);
  const eraseAbove = 1;
  const eraseAll = 2;
  for (const prefix of [undefined, '?']) {
    onSequence(terminal, { final: 'J', ...(prefix ? { prefix } : {}) }, ({ params }) => {
      const { x, y } = core.buffer;
      if (params[0] !== eraseAbove || y < terminal.rows - 1 || x < terminal.cols - 1) return false;
      return core._inputHandler.eraseInDisplay({ params: [eraseAll] }, prefix !== undefined);
    });
  }
}

/**
 * The emulator would keep every link as long as one of its lines, and a watch on each of them that every further line pays for.
 * Here the newest are kept; one of many parts is known by its id and address.
 */
function boundLinks(terminal: Terminal): void {
  const { _oscLinkService: service, _inputHandler: handler } = coreOf(terminal);
  const links = new Map<number, LinkData>();
  const named = new Map<string, number>();
  let last = 0;
  service.registerLink = (link) => {
    const name = link.id === undefined ? null : `${link.id};${link.uri}`;
    const known = name === null ? undefined : named.get(name);
    if (known !== undefined) return known;
    last += 1;
    links.set(last, link);
    if (name !== null) named.set(name, last);
    const [oldest] = links;
    if (links.size > linksMax && oldest) {
      const [number, { id, uri }] = oldest;
      links.delete(number);
      if (id !== undefined) named.delete(`${id};${uri}`);
    }
    return last;
  };
  service.addLineToLink = () => {};
  service.getLinkData = (number) => links.get(number);
  terminal.parser.registerOscHandler(8, (data) => data.length > linkBytesMax && handler.setHyperlink(';'));
}
