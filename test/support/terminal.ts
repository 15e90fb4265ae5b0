import xterm from '@xterm/headless';
import { type IPty, spawn } from 'node-pty';
import { until } from './until.ts';

/** Keys as a terminal sends them. */
export const key = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  leader: '\x11',
  ctrlC: '\x03',
  ctrlS: '\x13',
} as const;

export interface TerminalOptions {
  cwd: string;
  env: Record<string, string>;
  cols?: number;
  rows?: number;
}

/** A person's terminal: a program in a real pty, and an emulator that sees what the person would see. */
export class Terminal {
  readonly pty: IPty;
  readonly emulator: InstanceType<typeof xterm.Terminal>;
  exitCode: number | null = null;
  /** Everything that was written to it. */
  output = '';

  constructor(command: readonly string[], { cwd, env, cols = 120, rows = 36 }: TerminalOptions) {
    const [program = '', ...args] = command;
    this.emulator = new xterm.Terminal({ cols, rows, allowProposedApi: true });
    this.pty = spawn(program, args, {
      cwd,
      env: { TERM: 'xterm-256color', ...env },
      cols,
      rows,
      name: 'xterm-256color',
    });
    this.pty.onData((data) => {
      this.output += data;
      this.emulator.write(data);
    });
    this.emulator.onData((reply) => this.exitCode === null && this.pty.write(reply));
    this.pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
  }

  /** What is on the screen, a row a line. */
  get screen(): string {
    const buffer = this.emulator.buffer.active;
    return Array.from({ length: this.emulator.rows }, (_, y) =>
      (buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '').trimEnd(),
    ).join('\n');
  }

  /** The pieces of it that are shown inverse: what is selected. */
  get inverse(): string[] {
    const buffer = this.emulator.buffer.active;
    return Array.from({ length: this.emulator.rows }, (_, y) => {
      const line = buffer.getLine(buffer.baseY + y);
      const cells = Array.from({ length: this.emulator.cols }, (_cell, x) => line?.getCell(x));
      return cells.map((cell) => (cell?.isInverse() ? cell.getChars() || ' ' : '\n')).join('');
    }).flatMap((row) => row.split(/\n+/).filter(Boolean));
  }

  get isAlternate(): boolean {
    return this.emulator.buffer.active.type === 'alternate';
  }

  press(...keys: string[]): this {
    for (const bytes of keys) this.pty.write(bytes);
    return this;
  }

  resize(cols: number, rows: number): void {
    this.emulator.resize(cols, rows);
    this.pty.resize(cols, rows);
  }

  /** Waits until the screen matches; on failure the screen is told. */
  async sees(expected: string | RegExp, timeoutMs = 30_000): Promise<string> {
    const matches = () => (typeof expected === 'string' ? this.screen.includes(expected) : expected.test(this.screen));
    const shown = () => `${frame(this.screen)}\nexit: ${this.exitCode}`;
    await until(`the screen shows ${expected}`, matches, { timeoutMs, shown });
    return this.screen;
  }

  async seesNo(unexpected: string | RegExp, timeoutMs = 30_000): Promise<string> {
    const isGone = () =>
      !(typeof unexpected === 'string' ? this.screen.includes(unexpected) : unexpected.test(this.screen));
    await until(`the screen no longer shows ${unexpected}`, isGone, { timeoutMs, shown: () => frame(this.screen) });
    return this.screen;
  }

  /** Waits for the end of the program; gives its exit status. */
  async ends(timeoutMs = 30_000): Promise<number> {
    await until('the program ends', () => this.exitCode !== null, { timeoutMs, shown: () => frame(this.screen) });
    return this.exitCode as number;
  }

  /** Ends the program if it still runs. */
  dispose(): void {
    if (this.exitCode === null) {
      try {
        this.pty.kill('SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    }
    this.emulator.dispose();
  }
}

function frame(screen: string): string {
  return screen
    .split('\n')
    .map((row) => `│${row}`)
    .join('\n');
}
