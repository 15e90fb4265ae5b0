import xterm from '@xterm/headless';
import { type IPty, spawn } from 'node-pty';
import { UnicodeGraphemesAddon } from '../../src/sessions/screen/graphemes.ts';
import { type Area, CursorLook, type ScreenCells, screenCells, textOf } from './screen-cells.ts';
import { until } from './until.ts';

/** The terminal's colours, as a program is told them: those that a pane of Forge tells too, so that it draws the same. */
const colours: Record<number, string> = {
  10: 'rgb:d4d4/d4d4/d4d4',
  11: 'rgb:1414/1414/1818',
  12: 'rgb:d4d4/d4d4/d4d4',
};

export interface PersonTerminalOptions {
  cwd: string;
  env: Record<string, string>;
  cols: number;
  rows: number;
  /** Hears all that the program writes. */
  onOutput?: (bytes: Buffer) => void;
}

/** A modern terminal with a program in it: true colour, graphemes, the kitty keyboard protocol, answers to queries. */
export class PersonTerminal {
  readonly terminal: InstanceType<typeof xterm.Terminal>;
  readonly look: CursorLook;
  exitCode: number | null = null;
  readonly #pty: IPty;
  #lastEventAt = performance.now();
  #unparsed = 0;
  #isDisposed = false;

  constructor(command: readonly string[], { cwd, env, cols, rows, onOutput }: PersonTerminalOptions) {
    this.terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, logLevel: 'off' });
    this.terminal.loadAddon(new UnicodeGraphemesAddon() as never);
    this.look = new CursorLook(this.terminal);
    const terminal = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };
    const [program = '', ...args] = command;
    this.#pty = spawn(program, args, { cwd, cols, rows, env: { ...env, ...terminal }, encoding: null });
    this.#answer();
    this.#pty.onData((data) => {
      const bytes = data as unknown as Buffer;
      onOutput?.(bytes);
      this.#lastEventAt = performance.now();
      this.#unparsed++;
      this.terminal.write(bytes, () => this.#unparsed--);
    });
    this.#pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
  }

  get text(): string {
    return textOf(this.cells());
  }

  cells(area?: Area): ScreenCells {
    return screenCells(this.terminal, this.look, area);
  }

  /** Nothing has come or been done for so long, in ms, and all that came is on the screen. */
  isQuiet(ms: number): boolean {
    return this.#unparsed === 0 && performance.now() - this.#lastEventAt >= ms;
  }

  /** Each as a terminal without any protocol sends it; sent as the program asked for it. */
  press(...keys: string[]): this {
    this.#lastEventAt = performance.now();
    for (const key of keys) this.#write(this.#encode(key));
    return this;
  }

  resize(cols: number, rows: number): void {
    if (cols === this.terminal.cols && rows === this.terminal.rows) return;
    this.#lastEventAt = performance.now();
    this.terminal.resize(cols, rows);
    if (this.exitCode === null) this.#pty.resize(cols, rows);
  }

  async sees(expected: RegExp, timeoutMs = 30_000): Promise<void> {
    const shown = () => `${this.text}\nexit: ${this.exitCode}`;
    await until(`the screen shows ${expected}`, () => expected.test(this.text), { timeoutMs, shown });
  }

  async ends(): Promise<void> {
    await until('the program ends', () => this.exitCode !== null, { shown: () => this.text });
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    try {
      if (this.exitCode === null) this.#pty.kill('SIGKILL');
    } catch {
      // It has just ended by itself.
    }
    this.terminal.dispose();
  }

  #write(bytes: string): void {
    if (this.exitCode === null) this.#pty.write(bytes);
  }

  #encode(key: string): string {
    if (this.terminal.modes.applicationCursorKeysMode && /^\x1b\[[A-D]$/.test(key)) return key.replace('[', 'O');
    const code = key.length === 1 ? key.charCodeAt(0) : 0x20;
    const isPlain = code >= 0x20 || key === '\r' || key === '\t';
    if (isPlain || (this.look.input.kittyKeyboard & 1) === 0) return key;
    return code === 0x1b ? '\x1b[27u' : `\x1b[${code + 0x60};5u`;
  }

  #answer(): void {
    const { parser } = this.terminal;
    this.terminal.onData((reply) => this.#write(reply));
    parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
      this.#write(`\x1b[?${this.look.input.kittyKeyboard}u`);
      return true;
    });
    parser.registerCsiHandler({ prefix: '>', final: 'q' }, () => {
      this.#write('\x1bP>|person(1.0)\x1b\\');
      return true;
    });
    for (const [code, value] of Object.entries(colours)) {
      parser.registerOscHandler(Number(code), (data) => {
        if (data === '?') this.#write(`\x1b]${code};${value}\x1b\\`);
        return true;
      });
    }
  }
}
