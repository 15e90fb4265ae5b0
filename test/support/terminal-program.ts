import xterm from '@xterm/headless';
import { type IPty, spawn } from 'node-pty';

/** Longest wait for a named condition, in ms: the machine that runs the tests may be slow and shared. */
const patienceMs = 20_000;

export interface ProgramOptions {
  command: readonly string[];
  cwd: string;
  env: Record<string, string>;
  cols?: number;
  rows?: number;
  /** Answers the probe for program status, as the session host does. On unless said otherwise. */
  answersStatusProbe?: boolean;
}

/** A program in a real pseudo-terminal with an emulator as its eye. What it says of itself is collected. */
export class TerminalProgram implements AsyncDisposable {
  readonly terminal: InstanceType<typeof xterm.Terminal>;
  readonly titles: string[] = [];
  /** When the newest of them came, in ms since the epoch. */
  titleAt = 0;
  /** Program status reports (OSC 7501) as sent, without the probe. */
  readonly statuses: string[] = [];
  exitCode: number | null = null;
  readonly #pty: IPty;
  readonly #ended: Promise<void>;
  #waiting = new Set<() => void>();

  constructor({ command, cwd, env, cols = 80, rows = 24, answersStatusProbe = true }: ProgramOptions) {
    this.terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
    this.#pty = spawn(command[0], command.slice(1), { cols, rows, cwd, env, name: 'xterm-256color' });
    this.terminal.onTitleChange((title) => {
      if (title !== this.titles.at(-1)) this.titleAt = Date.now();
      this.titles.push(title);
    });
    this.terminal.onData((answer) => this.#pty.write(answer));
    this.terminal.parser.registerOscHandler(7501, (data) => {
      if (data.trim() !== '?') this.statuses.push(data);
      else if (answersStatusProbe) this.#pty.write('\u001b]7501;?\u001b\\');
      return true;
    });
    this.#pty.onData((data) => this.terminal.write(data, () => this.#look()));
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.exitCode = exitCode;
        this.terminal.write('', () => this.#look());
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  rows(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from({ length: this.terminal.rows }, (_, y) =>
      (active.getLine(active.viewportY + y)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  screen(): string {
    return this.rows().join('\n').trimEnd();
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(cols: number, rows: number): void {
    this.terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Waits until the screen matches. */
  async untilScreen(pattern: RegExp | ((screen: string) => boolean)): Promise<void> {
    const isSeen = typeof pattern === 'function' ? pattern : (screen: string) => pattern.test(screen);
    await this.until(`the screen matches ${pattern}`, () => isSeen(this.screen()));
  }

  /** Waits until the program has said this of itself. */
  async untilStatus(state: string): Promise<void> {
    await this.until(`it says ${state}`, () => this.statuses.at(-1)?.startsWith(`state=${state}`) ?? false);
  }

  async untilEnd(): Promise<number> {
    await this.until('it ends', () => this.exitCode !== null);
    return this.exitCode as number;
  }

  /** Waits for a condition that its output brings about; at the end of patience the screen is in the error. */
  until(name: string, isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const said = `status ${this.statuses.join(' | ')}, exit ${this.exitCode}`;
        reject(new Error(`Waited in vain until ${name}; ${said}. The screen:\n${this.screen()}`));
      }, patienceMs);
      this.#waiting.add(look);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.exitCode === null) {
      try {
        process.kill(-this.pid, 'SIGKILL');
      } catch {
        // It has ended between the two lines.
      }
      await this.#ended;
    }
    this.terminal.dispose();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}
