import { setTimeout as delay } from 'node:timers/promises';
import { plainText } from '../../base/text.ts';
import type { ProgramStatus } from '../../domain/session.ts';
import type { Key } from '../terminal/key-reader.ts';
import { graphemes, type Line, line } from '../terminal/layout.ts';
import { type DemoInput, type DemoOutput, DemoTerminal, type Question } from './demo-terminal.ts';

/** How long each word of an answer takes, and the thought before it, in ms at speed 1. */
const wordMs = 60;
const answerMs = 900;
/** Rows of a prompt that are shown. */
const quotedRowsMax = 6;
/** How much of what was typed an answer repeats, in characters. */
const repeatedLengthMax = 200;

const restingHint = 'scripted demo · /exit or Ctrl-C twice to leave';

/**
 * The demo agent's talk with a person: what it says and asks, and what is typed meanwhile. Every wait rejects once the
 * person has left, so that the script above it just ends.
 */
export class DemoConversation {
  readonly #terminal: DemoTerminal;
  readonly #leaving = new AbortController();
  readonly #title: string;
  /** Divides every pause; 0 leaves them out. */
  readonly #speed: number;
  #said: string[] = [];
  #onSaid: (() => void) | null = null;
  #onAnswer: ((isAllowed: boolean) => void) | null = null;
  #isInterrupted = false;

  constructor(stdin: DemoInput, stdout: DemoOutput, options: { title: string; speed: number }) {
    this.#title = options.title;
    this.#speed = options.speed;
    this.#terminal = new DemoTerminal(stdin, stdout, (key) => this.#onKey(key));
    this.#terminal.hint = restingHint;
    stdin.once('end', () => this.#leaving.abort());
  }

  /** Aborts when the person leaves. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  say(...lines: Line[]): void {
    this.#terminal.say(...lines);
  }

  quote(text: string): void {
    const rows = text.trim().split('\n');
    const shown = rows.slice(0, quotedRowsMax).map((row) => line(`› ${plainText(row)} `, 'quoted', 2));
    const left = rows.length - shown.length;
    this.say(line(''), ...shown, ...(left > 0 ? [line(`  … and ${left} more lines`, 'dim')] : []));
  }

  /** Says it word by word. */
  async stream(text: string): Promise<void> {
    this.say(line(''), line('●', 'plain', 2));
    let said = '●';
    for (const word of text.split(' ')) {
      said += ` ${word}`;
      this.#terminal.sayAgain(line(said, 'plain', 2));
      await this.pause(wordMs);
    }
  }

  async pause(ms: number): Promise<void> {
    await delay(this.#speed === 0 ? 0 : ms / this.#speed, undefined, { signal: this.leaving });
  }

  /** Works on something for a while; what was typed meanwhile is answered after it. */
  async work(activity: string, ms: number): Promise<void> {
    this.busy(activity);
    await this.pause(ms);
    if (this.#said.length === 0) return;
    await this.#answerSaid();
    this.busy(activity);
  }

  busy(activity: string): void {
    this.#terminal.activity = activity;
    this.#announce('working');
  }

  rest(state: 'idle' | 'done'): void {
    this.#terminal.activity = '';
    this.#announce(state);
  }

  async ask(question: Question, message: string): Promise<boolean> {
    this.#terminal.activity = '';
    this.#terminal.question = question;
    this.#announce('blocked', { kind: 'permission', message });
    const isAllowed = await this.#until<boolean>((answer) => {
      this.#onAnswer = answer;
    });
    this.#onAnswer = null;
    this.#terminal.question = null;
    this.#announce('working');
    return isAllowed;
  }

  /** Answers what is typed, for ever. */
  async talk(): Promise<never> {
    for (;;) {
      if (this.#said.length === 0)
        await this.#until<void>((said) => {
          this.#onSaid = said;
        });
      await this.#answerSaid();
      this.rest('done');
    }
  }

  close(): void {
    this.#terminal.close('The demo agent has left. Its work stays in the worktree.');
  }

  async #answerSaid(): Promise<void> {
    for (let text = this.#said.shift(); text !== undefined; text = this.#said.shift()) {
      this.busy('Thinking');
      this.quote(text);
      await this.pause(answerMs);
      const words = graphemes(plainText(text)).slice(0, repeatedLengthMax).join('');
      await this.stream(`You said “${words}”. A real agent would go on from there; I only know my script.`);
    }
  }

  #announce(state: ProgramStatus['state'], more?: { kind: string; message: string }): void {
    this.#terminal.announce(state, `${glyphs[state]} demo · ${this.#title}`, more);
  }

  #until<T>(start: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.leaving.throwIfAborted();
      this.leaving.addEventListener('abort', () => reject(this.leaving.reason), { once: true });
      start(resolve);
    });
  }

  #onKey(key: Key): void {
    if (key.name === 'interrupt') {
      this.#interrupt();
      return;
    }
    if (this.#isInterrupted) this.#terminal.hint = restingHint;
    this.#isInterrupted = false;
    if (key.name === 'end' && this.#terminal.draft === '') this.#leaving.abort();
    else if (key.name === 'redraw') this.#terminal.redraw();
    else if (this.#onAnswer) this.#onAnswerKey(key, this.#onAnswer);
    else this.#type(key);
  }

  #onAnswerKey(key: Key, answer: (isAllowed: boolean) => void): void {
    const first = key.name === 'text' ? key.text[0].toLowerCase() : key.name;
    if (['1', 'y', 'enter'].includes(first)) answer(true);
    else if (['2', 'n', 'escape'].includes(first)) answer(false);
  }

  #type(key: Key): void {
    const { draft } = this.#terminal;
    if (key.name === 'text') this.#terminal.draft = draft + key.text;
    else if (key.name === 'backspace') this.#terminal.draft = graphemes(draft).slice(0, -1).join('');
    else if (key.name === 'clear') this.#terminal.draft = '';
    else if (key.name === 'enter' || key.name === 'newline') this.#submit(draft.trim());
  }

  #submit(text: string): void {
    this.#terminal.draft = '';
    if (text === '') return;
    if (text === '/exit') {
      this.#leaving.abort();
      return;
    }
    this.#said.push(text);
    this.#onSaid?.();
  }

  #interrupt(): void {
    if (this.#isInterrupted) this.#leaving.abort();
    this.#isInterrupted = true;
    this.#terminal.draft = '';
    this.#terminal.hint = 'Press Ctrl-C again to leave';
  }
}

const glyphs: Record<ProgramStatus['state'], string> = {
  idle: '○',
  working: '◐',
  blocked: '?',
  done: '✓',
  error: '✗',
  clear: '',
};
