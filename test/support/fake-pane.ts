import { Emitter } from '../../src/base/emitter.ts';
import type { Attachment } from '../../src/ports/session-host.ts';
import { TestScreen } from './test-screen.ts';

/** A session without a program: what a test prints is on its screen, what is typed is kept. */
export class FakePane implements Pick<Attachment, 'screen' | 'onChange' | 'resize' | 'send'> {
  readonly screen: TestScreen;
  typed = '';
  sizes: string[] = [];
  readonly #changes = new Emitter<void>();

  constructor(cols = 20, rows = 5) {
    this.screen = new TestScreen(cols, rows);
  }

  print(text: string): void {
    this.screen.write(text);
    this.#changes.emit();
  }

  onChange(listener: () => void) {
    return this.#changes.on(listener);
  }

  get listeners(): number {
    return this.#changes.size;
  }

  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
    this.screen.resize(cols, rows);
    this.#changes.emit();
  }

  send(data: Uint8Array | string): void {
    this.typed += Buffer.from(data as Uint8Array).toString();
  }
}
