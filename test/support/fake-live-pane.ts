import { Emitter } from '../../src/base/emitter.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { historyOf } from './history.ts';

/** A session without a program, with the history of what a test printed. `failure`: its history cannot be had. */
export class FakeLivePane {
  readonly screen: Emulator;
  readonly session = 'ada';
  printed: string[] = [];
  typed = '';
  sizes: string[] = [];
  loads = 0;
  failure: Error | null = null;
  readonly #changes = new Emitter<void>();
  readonly #scrolls = new Emitter<1 | null>();

  constructor(lines: readonly string[], cols = 20, rows = 4) {
    this.screen = new Emulator(cols, rows, { isEager: true });
    this.screen.onScroll(() => this.#scrolls.emit(1));
    this.print(...lines);
  }

  print(...lines: string[]): void {
    for (const line of lines) this.screen.write(this.printed.push(line) === 1 ? line : `\r\n${line}`);
    this.#changes.emit();
  }

  /** As when output was skipped for a viewer that is behind. */
  skip(): void {
    this.#scrolls.emit(null);
  }

  /** As `SessionHost.history` gives it: later. */
  history = async () => {
    this.loads++;
    if (this.failure) throw this.failure;
    return historyOf(this.printed, this.screen.cols, this.screen.rows);
  };

  onChange(listener: () => void) {
    return this.#changes.on(listener);
  }

  onScroll(listener: (lines: 1 | null) => void) {
    return this.#scrolls.on(listener);
  }

  onCopy() {
    return { dispose() {} };
  }

  onEnd() {
    return { dispose() {} };
  }

  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
    this.screen.resize(cols, rows);
  }

  send(data: Uint8Array | string): void {
    this.typed += Buffer.from(data as string).toString();
  }

  get listeners(): number {
    return this.#scrolls.size;
  }

  dispose(): void {}
}
