import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { OuterTerminalOptions, Terminal } from './outer-terminal.ts';

/** `performance.now()` and the clock of the C program are the same clock from different beginnings. */
const clockOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The outer terminal as a C program (`outer-terminal.c`), whose own share of a time is the smallest there is. */
export class CompiledTerminal implements Terminal {
  readonly driver = 'C';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  readonly pid: Promise<number>;
  isEnded = false;

  constructor(driver: string, command: string[], { cwd, env, cols = 200, rows = 60 }: OuterTerminalOptions) {
    const child = spawn(driver, [String(cols), String(rows), ...command], {
      cwd,
      env: { ...env, TERM: 'xterm-256color' },
    });
    this.#child = child;
    child.stderr.pipe(process.stderr);
    child.stdin.on('error', () => {});
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    this.pid = this.#answers.next().then(({ value }) => Number(value));
    this.#ended = new Promise((resolve) => child.on('close', () => resolve()));
    child.on('close', () => {
      this.isEnded = true;
    });
  }

  async sees(words: string | string[], timeoutMs: number): Promise<number | null> {
    const at = await this.#ask(`sees ${timeoutMs} ${[words].flat().join(' ')}`);
    return at === null ? null : at - clockOffsetMs;
  }

  typeAndSee(letter: string, timeoutMs: number): Promise<number | null> {
    return this.#ask(`type ${letter} ${timeoutMs}`);
  }

  press(keys: string): void {
    this.#child.stdin.write(`press ${Buffer.from(keys).toString('hex')}\n`);
  }

  async isQuiet(silenceMs: number, timeoutMs: number): Promise<void> {
    await this.#ask(`quiet ${silenceMs} ${timeoutMs}`);
  }

  async bytes(): Promise<number> {
    return (await this.#ask('bytes')) ?? 0;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  async #ask(command: string): Promise<number | null> {
    await this.pid;
    this.#child.stdin.write(`${command}\n`);
    const { value } = await this.#answers.next();
    return value === undefined || value === '-' || value === 'ok' ? null : Number(value);
  }
}
