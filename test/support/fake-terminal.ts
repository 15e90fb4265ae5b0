import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import type { OuterTerminal, TerminalEvents } from '../../src/ui/terminal/outer-terminal.ts';
import { TestScreen } from './test-screen.ts';

/** A person's terminal that is an emulator. `isStuck`: it takes no more writes until it is freed. */
export class FakeTerminal implements OuterTerminal {
  readonly screen: TestScreen;
  writes: string[] = [];
  isDisposed = false;
  #isBusy = false;
  #isStuck = false;
  #events: TerminalEvents | null = null;

  constructor(cols: number, rows: number) {
    this.screen = new TestScreen(cols, rows);
  }

  open = (events: TerminalEvents): OuterTerminal => {
    this.#events = events;
    return this;
  };

  get size() {
    return { cols: this.screen.cols, rows: this.screen.rows };
  }

  get isReady(): boolean {
    return !this.#isBusy;
  }

  get isStuck(): boolean {
    return this.#isStuck;
  }

  set isStuck(isStuck: boolean) {
    this.#isStuck = isStuck;
    if (!isStuck && this.#isBusy) this.#taken();
  }

  write(text: string): void {
    const forbidden = findForbidden(text);
    if (forbidden !== null) throw new Error(`forbidden: ${JSON.stringify(forbidden)}`);
    this.writes.push(text);
    this.screen.write(text);
    this.#isBusy = true;
    if (!this.#isStuck) setImmediate(() => this.#taken());
  }

  #taken(): void {
    this.#isBusy = false;
    if (!this.isDisposed) this.#events?.onReady();
  }

  async lend<T>(use: () => Promise<T>): Promise<T> {
    const used = await use();
    this.#events?.onLost();
    return used;
  }

  type(text: string): void {
    this.#events?.onInput(Buffer.from(text));
  }

  resize(cols: number, rows: number): void {
    this.screen.resize(cols, rows);
    this.#events?.onResize({ cols, rows });
  }

  dispose(): void {
    this.isDisposed = true;
  }
}
