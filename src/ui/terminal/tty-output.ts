import { write, writeSync } from 'node:fs';

/** A terminal in non-blocking mode is asked again after this. */
const retryMs = 4;
/** Rounds of `retryMs` that giving the terminal back may wait for one that takes nothing. */
const retriesMax = 250;

/**
 * Writes to a terminal without blocking the event loop: Node's own streams write to a terminal synchronously, so a slow
 * one would stop everything. One write at a time; the caller waits for `done` before the next.
 */
export class TtyOutput {
  readonly #fd: number;
  readonly #onGone: () => void;
  #rest: Buffer | null = null;
  #done: () => void = () => {};
  #isCut = false;

  constructor(fd: number, onGone: () => void) {
    this.#fd = fd;
    this.#onGone = onGone;
  }

  get isBusy(): boolean {
    return this.#rest !== null;
  }

  write(text: string, done: () => void): void {
    if (this.#rest !== null) throw new Error('the terminal has not taken the last write');
    this.#done = done;
    this.#writeRest(Buffer.from(text, 'utf8'));
  }

  /** Writes before it returns, after what is under way: for the moment of exit. Errors mean that nobody is there. */
  writeNow(text: string): void {
    // The rest of a write under way is dropped; if that is in the middle of a sequence, ST ends it.
    this.#isCut = this.#rest !== null;
    let rest = Buffer.from(this.#isCut ? `\u001b\\${text}` : text, 'utf8');
    for (let retries = 0; rest.length > 0 && retries < retriesMax; ) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        retries++;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      }
    }
  }

  #writeRest(rest: Buffer): void {
    this.#rest = rest;
    write(this.#fd, rest, (failure, count) => {
      if (failure?.code === 'EAGAIN') setTimeout(() => this.#goOn(rest), retryMs);
      else if (failure) this.#onGone();
      else this.#goOn(rest.subarray(count));
    });
  }

  #goOn(rest: Buffer): void {
    if (rest.length > 0 && !this.#isCut) {
      this.#writeRest(rest);
      return;
    }
    this.#rest = null;
    this.#isCut = false;
    this.#done();
  }
}
