import type { EventEmitter } from 'node:events';
import { plainText } from '../../base/text.ts';
import type { ProgramStatus } from '../../domain/session.ts';
import { type Key, KeyReader } from '../terminal/key-reader.ts';
import { graphemes, type Line, line, tail, wrap } from '../terminal/layout.ts';
import { programStatus } from '../terminal/program-status.ts';

/** Standard input as far as it is used: a terminal's, or a pipe's in a test. */
export interface DemoInput extends EventEmitter {
  setRawMode?(isRaw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Standard output as far as it is used; without a size it is 80 x 24. Emits `resize`. */
export interface DemoOutput extends EventEmitter {
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

/** Lines of the conversation that are kept to be drawn again at another width. */
const linesMax = 500;
/** One turn of the spinner in ms. */
const spinnerMs = 120;
const spinner = ['·', '✢', '✳', '✶', '✻', '✽'];

export interface Question {
  title: string;
  detail: string;
}

/**
 * The demo agent's screen: the conversation, what it does now, and an input box at the bottom. Draws whole frames from what
 * it holds, so that any size at any time gives a right picture, and writes only the rows that changed.
 */
export class DemoTerminal {
  readonly #input: DemoInput;
  readonly #output: DemoOutput;
  readonly #reader: KeyReader;
  #lines: Line[] = [];
  #draft = '';
  #hint = '';
  #activity = '';
  #announced: ProgramStatus['state'] = 'clear';
  #question: Question | null = null;
  #frame = 0;
  #drawn: string[] = [];
  #isScheduled = false;
  #isClosed = false;
  #ticker: NodeJS.Timeout | undefined;

  constructor(input: DemoInput, output: DemoOutput, onKey: (key: Key) => void) {
    this.#input = input;
    this.#output = output;
    this.#reader = new KeyReader(onKey);
    input.setRawMode?.(true);
    input.on('data', this.#read);
    input.resume();
    output.on('resize', this.redraw);
    // Alternate screen, bracketed paste.
    output.write('\u001b[?1049h\u001b[?2004h');
    this.redraw();
  }

  get draft(): string {
    return this.#draft;
  }

  set draft(text: string) {
    this.#draft = text;
    this.#schedule();
  }

  /** Short text under the input box. */
  set hint(text: string) {
    this.#hint = text;
    this.#schedule();
  }

  /** What it is busy with, shown with a spinner; empty for nothing. */
  set activity(text: string) {
    this.#activity = text;
    clearInterval(this.#ticker);
    if (text !== '') this.#ticker = setInterval(this.#spin, spinnerMs);
    this.#schedule();
  }

  /** A dialog in the place of the input box, or null. */
  set question(question: Question | null) {
    this.#question = question;
    this.#schedule();
  }

  say(...lines: Line[]): void {
    this.#lines = [...this.#lines, ...lines].slice(-linesMax);
    this.#schedule();
  }

  /** Puts another line in the place of the last. */
  sayAgain(newest: Line): void {
    this.#lines = [...this.#lines.slice(0, -1), newest];
    this.#schedule();
  }

  /** Title (OSC 0) and program status (OSC 7501) together: they change together. */
  announce(state: ProgramStatus['state'], title: string, more: { kind?: string; message?: string } = {}): void {
    if (state === this.#announced) return;
    this.#announced = state;
    this.#output.write(programStatus(state, 'forge-demo', more.kind, more.message));
    this.#output.write(`\u001b]0;${plainText(title)}\u0007`);
  }

  /** Forgets what the terminal shows and draws everything. */
  readonly redraw = (): void => {
    this.#drawn = [];
    this.#output.write('\u001b[2J');
    this.#schedule();
  };

  /** Gives the terminal back as it was, with a last word on the normal screen. */
  close(lastWords: string): void {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    this.#reader.dispose();
    this.#input.off('data', this.#read);
    this.#output.off('resize', this.redraw);
    this.announce('clear', '');
    this.#output.write(`\u001b[?2004l\u001b[?1049l\u001b[?25h${lastWords}\r\n`);
    this.#input.setRawMode?.(false);
    this.#input.pause();
  }

  readonly #read = (data: Uint8Array): void => this.#reader.write(data);

  readonly #spin = (): void => {
    this.#frame++;
    this.#schedule();
  };

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isClosed) this.#draw();
    });
  }

  #draw(): void {
    const cols = this.#output.columns || 80;
    const height = this.#output.rows || 24;
    const input = tail(this.#draft.replaceAll('\n', '⏎').replaceAll('\t', ' '), cols - 3);
    const box = this.#question ? questionRows(this.#question, cols) : inputRows(input.text, this.#hint, cols);
    const mark = this.#activity === '' ? [] : ['', `${spinner[this.#frame % spinner.length]} ${this.#activity}…`];
    const below = [...mark.flatMap((text) => wrap(line(text, 'accent'), cols)), ...box].slice(-height);
    const above = this.#lines
      .flatMap((said) => wrap(said, cols))
      .slice(-Math.max(0, height - below.length) || Infinity);
    const shown = height > below.length ? above : [];
    const gap = Array<string>(height - below.length - shown.length).fill('');
    const rows = [...shown, ...gap, ...below];
    const changed = rows.flatMap((text, y) => (text === this.#drawn[y] ? [] : `\u001b[${y + 1};1H\u001b[2K${text}`));
    this.#drawn = rows;
    const cursor = this.#question ? '\u001b[?25l' : `\u001b[${Math.max(1, height - 2)};${3 + input.width}H\u001b[?25h`;
    this.#output.write(`\u001b[?2026h\u001b[?25l${changed.join('')}${cursor}\u001b[?2026l`);
  }
}

function inputRows(text: string, hint: string, cols: number): string[] {
  const rule = wrap(line('─'.repeat(cols), 'dim'), cols);
  return [...rule, `› ${text}`, ...rule, ...wrap(line(clip(hint, cols), 'dim'), cols)];
}

function questionRows({ title, detail }: Question, cols: number): string[] {
  const lines = [
    line('─'.repeat(cols), 'notice'),
    line(title, 'bold'),
    line(`  ${detail}`, 'dim'),
    line('❯ 1. Yes', 'accent'),
    line('  2. No'),
    line(''),
  ];
  return lines.flatMap((row) => wrap(row, cols));
}

function clip(text: string, cols: number): string {
  return graphemes(text).slice(0, cols).join('');
}
