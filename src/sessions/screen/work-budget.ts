import type { Terminal } from '@xterm/headless';
import { onEscape, onSequence, type Parameters, type SequenceId } from './internals.ts';

/**
 * Work that one go of the parser may do with sequences that touch much of the screen, in cells; a cell costs 2 to 10 ns. One
 * sequence alone may cost more, on a screen that has more cells.
 */
export const workPerGo = 250_000;

/** The most that a byte of text can cost: a line feed in a scroll region moves all rows, a character in insert mode a row. */
const nsPerRow = 15;
const nsPerColumn = 4;

/** How long a go of such bytes may take, in ns. */
const goNsMax = 10_000_000;

/** Bytes of text that a go may hold on a screen of this size. */
export function textPerGo(cols: number, rows: number): number {
  return Math.floor(goNsMax / (rows * nsPerRow + cols * nsPerColumn));
}

/** Moving a line costs as much as so many cells, and making the screen anew so many times its cells. */
const cellsPerMove = 6;
const newScreenFactor = 4;

type Cost = (size: { cols: number; rows: number }, count: number) => number;

const screen: Cost = ({ cols, rows }) => cols * rows;
const newScreen: Cost = ({ cols, rows }) => newScreenFactor * cols * rows;
const lines: Cost = ({ cols, rows }, count) => count * (cols + cellsPerMove * rows);
/** Each character may move the rest of its row (insert mode), or be one of many code points. */
const characters: Cost = ({ cols }, count) => count * Math.max(cols, 64);
const steps: Cost = (_size, count) => count;

/** What a sequence does as often as its number says; more than the screen has of it changes nothing further. */
const counted: (SequenceId & { limit: 'cols' | 'rows'; cost: Cost })[] = [
  ...['L', 'M', 'S', 'T'].map((final) => ({ final, limit: 'rows', cost: lines }) as const),
  ...['E', 'F'].map((final) => ({ final, limit: 'rows', cost: steps }) as const),
  ...['I', 'P', 'X', 'Z', '@'].map((final) => ({ final, limit: 'cols', cost: steps }) as const),
  { final: 'b', limit: 'cols', cost: characters },
  ...['@', 'A'].map((final) => ({ intermediates: ' ', final, limit: 'cols', cost: screen }) as const),
  ...['}', '~'].map((final) => ({ intermediates: "'", final, limit: 'cols', cost: screen }) as const),
];

const screenModes = [3, 47, 1047, 1049];

/**
 * Bounds what a few bytes can make the parser do: counts are limited to what the screen has, and a go that has touched enough
 * cells is paused before the next sequence that touches many. Text and all other sequences pay nothing.
 */
export class WorkBudget {
  readonly #terminal: Terminal;
  #left = workPerGo;
  /** Of the sequence that waits for the next go. */
  #owed = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    for (const { limit, cost, ...id } of counted) {
      onSequence(terminal, id, (parameters) => this.#pay(cost(terminal, limited(parameters, terminal[limit]))));
    }
    for (const prefix of ['', '?']) {
      onSequence(terminal, { final: 'J', ...(prefix && { prefix }) }, () => this.#pay(screen(terminal, 1)));
    }
    for (const final of ['h', 'l']) {
      onSequence(terminal, { prefix: '?', final }, ({ params, length }) => {
        const isHeavy = screenModes.some((mode) => params.subarray(0, length).includes(mode));
        return isHeavy ? this.#pay(newScreen(terminal, 1)) : false;
      });
    }
    onEscape(terminal, { final: 'c' }, () => this.#pay(newScreen(terminal, 1)));
    onEscape(terminal, { intermediates: '#', final: '8' }, () => this.#pay(screen(terminal, 1)));
    onEscape(terminal, { final: 'M' }, () => this.#pay(lines(terminal, 1)));
  }

  /** A new go begins. */
  renew(): void {
    this.#left = workPerGo - this.#owed;
    this.#owed = 0;
  }

  /** Bytes of text that a go may hold. */
  get textMax(): number {
    return textPerGo(this.#terminal.cols, this.#terminal.rows);
  }

  /** A promise pauses the parser, whatever becomes of it; false goes on with what the sequence is there for. */
  #pay(cells: number): false | Promise<boolean> {
    if (cells > this.#left && this.#left < workPerGo) {
      this.#owed = cells;
      return pause;
    }
    this.#left -= cells;
    return false;
  }
}

const pause = Promise.resolve(false);

/** The count of a sequence, which becomes `max` if it is larger. */
function limited({ params }: Parameters, max: number): number {
  const count = params[0] || 1;
  if (count <= max) return count;
  params[0] = max;
  return max;
}
