import { writeSync } from 'node:fs';
import { type IPty, spawn } from 'node-pty';

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

/**
 * The terminal that a person would sit at, without a screen: it looks for words in the raw bytes, escapes removed. It
 * answers the one question that every terminal answers, what kind it is (DA1), since a program may wait for it.
 */
export class OuterTerminal {
  readonly #pty: IPty;
  readonly #ended: Promise<void>;
  #text = '';
  /** An escape sequence whose end has not come yet. */
  #rest = '';
  #look = () => {};
  #lastOutputAt = performance.now();
  isEnded = false;

  constructor([program = '', ...args]: string[], { cwd, env, cols = 200, rows = 60 }: OuterTerminalOptions) {
    this.#pty = spawn(program, args, { cwd, env: { ...env, TERM: 'xterm-256color' }, cols, rows, encoding: null });
    this.#pty.onData((data) => this.#take(data as unknown as Buffer));
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(() => {
        this.isEnded = true;
        this.#look();
        resolve();
      });
    });
  }

  /** Waits until `word` appears in what is written from now on, or was since the last wait. Null when it did not come. */
  sees(word: string, timeoutMs: number): Promise<number | null> {
    return this.#until(() => this.#text.includes(word), timeoutMs);
  }

  /** Types `letter` and gives the ms until it is shown, or null. */
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

  /** Waits until nothing was written for `silenceMs`; gives up quietly after `timeoutMs`. */
  async isQuiet(silenceMs: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline && performance.now() - this.#lastOutputAt < silenceMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the program as a closed window would, then by force. */
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
