import type { EventEmitter } from 'node:events';
import { plainText } from '../../base/text.ts';
import { type Line, line, wrap } from '../terminal/layout.ts';
import { inputRows } from './input-rows.ts';

/** Standard output as far as it is used; without a size it is 80 x 24. Emits `resize`. */
export interface ScreenOutput extends EventEmitter {
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

/** What stands below the conversation. */
export interface Footer {
  draft: string;
  /** A line above the input: what is asked. */
  question: Line[];
  hint: string;
}

/** Lines that are kept to be drawn again at another size: more than any screen has rows. */
const linesMax = 500;
/**
 * A conversation on the normal screen: what was said scrolls into the history of the terminal, what may still change (the last line of
 * an answer, the input) stands below it and is drawn again. Everything is made safe to show here.
 */
export class ConversationScreen {
  readonly #output: ScreenOutput;
  #footer: Footer = { draft: '', question: [], hint: '' };
  /** Said, and not yet drawn. */
  #fresh: Line[] = [];
  /** Said and drawn. */
  #drawn: Line[] = [];
  /** The line of an answer that goes on; null: none. Of what is drawn of it only the last row: the others do not change any more. */
  #open: string | null = null;
  /** From the first drawn row that may change to the cursor. */
  #cursorRow = 0;
  #sequences = '';
  #isScheduled = false;
  #isClosed = false;

  constructor(output: ScreenOutput) {
    this.#output = output;
    output.on('resize', this.redraw);
    // Bracketed paste.
    output.write('\x1b[?2004h');
    this.#schedule();
  }

  set footer(footer: Footer) {
    this.#footer = footer;
    this.#schedule();
  }

  say(...lines: Line[]): void {
    this.endAnswer();
    this.#fresh.push(...lines);
    this.#schedule();
  }

  /** The next piece of an answer. */
  answer(text: string): void {
    const [first, ...more] = text.replaceAll('\r', '').split('\n');
    this.#open = (this.#open ?? '') + plainText(first);
    for (const next of more) {
      this.endAnswer();
      this.#open = plainText(next);
    }
    this.#schedule();
  }

  /** The line of the answer is complete. */
  endAnswer(): void {
    if (this.#open === null) return;
    this.#fresh.push(line(this.#open));
    this.#open = null;
  }

  /** Sends a sequence that draws nothing, behind all that was said before it. */
  send(sequence: string): void {
    this.#sequences += sequence;
    this.#schedule();
  }

  /** Forgets what the terminal shows and draws the end of the conversation again. */
  readonly redraw = (): void => {
    if (this.#isClosed) return;
    const { cols, height } = this.#size();
    const rows = this.#drawn.flatMap((said) => wrap(said, cols));
    const shown = rows.slice(-Math.max(0, height - this.#below(cols, height).rows.length) || Infinity);
    this.#output.write(`\x1b[H\x1b[2J${shown.map((row) => `${row}\r\n`).join('')}`);
    this.#cursorRow = 0;
    this.#draw();
  };

  /** Leaves the conversation where it is, with last words below it. */
  close(lastWords: string): void {
    this.#footer = { draft: '', question: [], hint: '' };
    this.say(line(lastWords, 'dim'));
    this.#draw();
    this.#isClosed = true;
    this.#output.off('resize', this.redraw);
    this.#output.write(`${this.#toTop()}\x1b[J\x1b[?2004l`);
  }

  #size(): { cols: number; height: number } {
    return { cols: Math.max(4, this.#output.columns || 80), height: Math.max(2, this.#output.rows || 24) };
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isClosed) this.#draw();
    });
  }

  #draw(): void {
    const { cols, height } = this.#size();
    this.#breakOpen(cols);
    const said = this.#fresh.splice(0);
    const above = said.flatMap((one) => wrap(one, cols));
    this.#drawn = [...this.#drawn, ...said].slice(-linesMax);
    const { rows, cursor } = this.#below(cols, height);
    const up = rows.length - 1 - cursor.row;
    const back = `${up > 0 ? `\x1b[${up}A` : ''}\x1b[${cursor.col + 1}G`;
    const text = [...above, ...rows].join('\r\n');
    this.#output.write(`\x1b[?2026h${this.#toTop()}\x1b[J${text}${back}\x1b[?2026l${this.#sequences}`);
    this.#sequences = '';
    this.#cursorRow = cursor.row;
  }

  #breakOpen(cols: number): void {
    const rows = this.#open === null ? [] : wrap(line(this.#open), cols);
    if (rows.length < 2) return;
    this.#open = rows.pop() ?? null;
    this.#fresh.push(...rows.map((row) => line(row)));
  }

  #toTop(): string {
    return `${this.#cursorRow > 0 ? `\x1b[${this.#cursorRow}A` : ''}\r`;
  }

  /** What may still change, never higher than the screen. */
  #below(cols: number, height: number): { rows: string[]; cursor: { row: number; col: number } } {
    const { draft, question, hint } = this.#footer;
    const open = this.#open === null ? [] : [this.#open];
    const asked = question.flatMap((one) => wrap(one, cols));
    const rule = height < 6 ? [] : wrap(line('─'.repeat(cols), 'dim'), cols);
    const input = inputRows(draft, cols, Math.max(1, Math.floor(height / 3)));
    const help = height < 4 ? [] : wrap(line(hint, 'dim'), cols).slice(0, 1);
    const before = [...open, ...rule, ...asked];
    const rows = [...before, ...input.rows, ...help];
    const cut = Math.max(0, rows.length - height);
    const row = Math.max(0, before.length + input.rows.length - 1 - cut);
    return { rows: rows.slice(cut), cursor: { row, col: Math.min(cols - 1, input.width) } };
  }
}
