import { writeSync } from 'node:fs';
import type { ProgramTerminal } from './program-terminal.ts';

/** Bytes that may wait for a program that does not read; a person cannot type that much, a paste can. */
export const inputBytesMax = 4 * 1024 * 1024;

/** Pauses between two attempts while the program does not read, in ms: doubled from the first up to the last. */
const pauseMinMs = 2;
const pauseMaxMs = 100;

/**
 * What a program is to read from its keyboard, in order, without ever blocking the host. node-pty's own `write` spins while
 * a program does not read, keeps any amount, and may write to a descriptor that has been closed and now is another's.
 */
export class PtyInput {
  readonly #terminal: Pick<ProgramTerminal, 'fd' | 'isClosed'>;
  readonly #queue: Uint8Array[] = [];
  #bytes = 0;
  #pauseMs = pauseMinMs;
  #timer: NodeJS.Timeout | null = null;
  #isHeld = false;

  constructor(terminal: Pick<ProgramTerminal, 'fd' | 'isClosed'>) {
    this.#terminal = terminal;
  }

  /** False when too much waits already: then nothing of `data` is taken. */
  write(data: Uint8Array): boolean {
    if (this.#terminal.isClosed || data.length === 0) return true;
    if (this.#bytes + data.length > inputBytesMax) return false;
    // A copy: the caller's bytes may be part of a larger buffer.
    this.#queue.push(Uint8Array.from(data));
    this.#bytes += data.length;
    if (!this.#timer && !this.#isHeld) this.#flush();
    return true;
  }

  /** From now on everything waits, for the next host. */
  hold(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isHeld = true;
  }

  get waiting(): Buffer {
    return Buffer.concat(this.#queue);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#queue.length = 0;
    this.#bytes = 0;
  }

  #flush(): void {
    this.#timer = null;
    for (let [next] = this.#queue; next; [next] = this.#queue) {
      if (this.#terminal.isClosed) {
        this.dispose();
        return;
      }
      try {
        const written = writeSync(this.#terminal.fd, next);
        this.#bytes -= written;
        if (written === next.length) this.#queue.shift();
        else this.#queue[0] = next.subarray(written);
        this.#pauseMs = pauseMinMs;
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code !== 'EAGAIN') this.dispose();
        else {
          this.#timer = setTimeout(() => this.#flush(), this.#pauseMs);
          this.#pauseMs = Math.min(pauseMaxMs, this.#pauseMs * 2);
        }
        return;
      }
    }
  }
}
