import { writeSync } from 'node:fs';
import { type IPty, spawn } from 'node-pty';
import { cProgram } from './c-program.ts';
import { CompiledTerminal } from './compiled-terminal.ts';

/** Bytes that are kept while nobody waits for them; a longer burst is one that nobody will ask about. */
const keptCharacters = 64 * 1024;
/** How long a program has to end after it was asked, in ms. */
const endMs = 3_000;

export interface OuterTerminalOptions {
  cwd: string;
  env: Record<string, string>;
  cols?: number;
  rows?: number;
}

/** The terminal that a person would sit at, with a program in it. */
export interface Terminal {
  /** Whose own share is in every time. */
  readonly driver: 'C' | 'Node';
  readonly pid: Promise<number>;
  readonly isEnded: boolean;
  /** `performance.now()` when all the words had been shown, now or since the last wait. Null when they did not come. */
  sees(words: string | string[], timeoutMs: number): Promise<number | null>;
  /** Types `letter` and gives the ms until it is shown, or null. */
  typeAndSee(letter: string, timeoutMs: number): Promise<number | null>;
  press(keys: string): void;
  /** Waits until something was written and then nothing for `silenceMs`; gives up quietly after `timeoutMs`. */
  isQuiet(silenceMs: number, timeoutMs: number): Promise<void>;
  /** How many bytes the program has written so far. */
  bytes(): Promise<number>;
  /** Ends the program as a closed window would, then by force. */
  close(): Promise<void>;
}

/** In C where there is a compiler. */
export function openTerminal(command: string[], options: OuterTerminalOptions): Terminal {
  const driver = cProgram('outer-terminal');
  return driver ? new CompiledTerminal(driver, command, options) : new OuterTerminal(command, options);
}

/**
 * The terminal in Node, without a screen: it looks for words in the raw bytes, escapes removed. It
 * answers the one question that every terminal answers, what kind it is (DA1), since a program may wait for it.
 */
export class OuterTerminal implements Terminal {
  readonly driver = 'Node';
  readonly pid: Promise<number>;
  readonly #pty: IPty;
  readonly #ended: Promise<void>;
  #text = '';
  /** An escape sequence whose end has not come yet. */
  #rest = '';
  #look = () => {};
  #lastOutputAt = performance.now();
  #bytes = 0;
  isEnded = false;

  constructor([program = '', ...args]: string[], { cwd, env, cols = 200, rows = 60 }: OuterTerminalOptions) {
    this.#pty = spawn(program, args, { cwd, env: { ...env, TERM: 'xterm-256color' }, cols, rows, encoding: null });
    this.pid = Promise.resolve(this.#pty.pid);
    this.#pty.onData((data) => this.#take(data as unknown as Buffer));
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(() => {
        this.isEnded = true;
        this.#look();
        resolve();
      });
    });
  }

  sees(words: string | string[], timeoutMs: number): Promise<number | null> {
    let missing = [words].flat();
    return this.#until(() => {
      missing = missing.filter((word) => !this.#text.includes(word));
      return missing.length === 0;
    }, timeoutMs);
  }

  async typeAndSee(letter: string, timeoutMs: number): Promise<number | null> {
    this.#text = '';
    const startedAt = performance.now();
    this.press(letter);
    const at = await this.sees(letter, timeoutMs);
    return at === null ? null : at - startedAt;
  }

  press(keys: string): void {
    if (this.isEnded) return;
    // Past the queue of node-pty, which goes through the thread pool and would be measured too.
    writeSync((this.#pty as unknown as { fd: number }).fd, keys);
  }

  async isQuiet(silenceMs: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    const isSilent = () => this.#bytes > 0 && performance.now() - this.#lastOutputAt >= silenceMs;
    while (performance.now() < deadline && !isSilent()) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async bytes(): Promise<number> {
    return this.#bytes;
  }

  async close(): Promise<void> {
    if (!this.isEnded) this.#pty.kill('SIGHUP');
    const timer = setTimeout(() => this.isEnded || this.#pty.kill('SIGKILL'), endMs);
    await this.#ended;
    clearTimeout(timer);
  }

  #until(isTrue: () => boolean, timeoutMs: number): Promise<number | null> {
    return new Promise((resolve) => {
      const done = (at: number | null) => {
        clearTimeout(timer);
        this.#look = () => {};
        resolve(at);
      };
      const timer = setTimeout(() => done(null), timeoutMs);
      this.#look = () => {
        if (isTrue()) done(performance.now());
        else if (this.isEnded) done(null);
      };
      this.#look();
    });
  }

  #take(data: Buffer): void {
    this.#lastOutputAt = performance.now();
    this.#bytes += data.length;
    const text = this.#rest + data.toString('latin1');
    if (/\x1b\[0?c/.test(text)) this.press('\x1b[?62;22c');
    const plain = text.replace(escapes, '');
    const open = plain.indexOf('\x1b');
    this.#rest = open === -1 ? '' : plain.slice(open);
    this.#text = (this.#text + (open === -1 ? plain : plain.slice(0, open))).slice(-keptCharacters);
    this.#look();
  }
}

/** CSI; OSC, DCS, APC and PM with their texts; then the short ones. */
const escapes = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]+[0-~]|\x1b[0-OQ-Z\\`-~]/g;
