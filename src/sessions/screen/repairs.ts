import type { Terminal } from '@xterm/headless';
import { coreOf, onSequence } from './internals.ts';
import { quickPrint } from './quick-print.ts';
import { skipInvisible } from './skip-invisible.ts';

/**
 * Code points that one cell may hold; further ones are dropped. A family of four with skin tones has 11, and no script needs
 * more than a few marks on a letter.
 */
export const cellCodePointsMax = 16;

/** Longest OSC 4 that is looked at, in bytes: the parser takes a time that grows with its square. */
const paletteBytesMax = 1_024;

/** Mends what a program could break the emulator with. For a new terminal, before any handler is added to it. */
export function repair(terminal: Terminal): void {
  guardHandlers(terminal);
  capCells(terminal);
  eraseAboveLastCell(terminal);
  terminal.parser.registerOscHandler(4, (data) => data.length > paletteBytesMax);
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
  const print = skipInvisible(parser._printHandler);
  const printQuickly = quickPrint(terminal, print);
  const { coreService } = core;
  parser._printHandler = (data, start, end) => {
    try {
      if (coreService.decPrivateModes.wraparound) printQuickly(data, start, end);
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
