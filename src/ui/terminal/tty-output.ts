import { closeSync, constants, openSync, write, writeSync } from 'node:fs';
import type { Disposable } from '../../base/disposable.ts';
import { pause } from '../../base/pause.ts';
import { closeLink } from '../screen/painter.ts';

/** A terminal in non-blocking mode is asked again after this. */
const retryMs = 4;
/** Rounds of `retryMs` that giving the terminal back may wait for one that takes nothing. */
const retriesMax = 250;

/**
 * Writes to a terminal without blocking the event loop: Node's own streams write to a terminal synchronously, so a slow
 * one would stop everything. What the terminal takes at once is written before `write` returns, the rest by a thread.
 * One write at a time; the caller waits for `done`, which may come before `write` returns, before the next.
 */
export class TtyOutput implements Disposable {
  readonly #fd: number;
  /** The same terminal, where a write takes what there is room for and never waits; null where it cannot be had. */
  #quickFd: number | null;
  readonly #onGone: () => void;
  #rest: Buffer | null = null;
  #done: () => void = () => {};
  #isCut = false;

  constructor(fd: number, onGone: () => void) {
    this.#fd = fd;
    this.#onGone = onGone;
    this.#quickFd = openQuick(fd);
  }

  get isBusy(): boolean {
    return this.#rest !== null;
  }

  write(text: string, done: () => void): void {
    if (this.#rest !== null) throw new Error('the terminal has not taken the last write');
    this.#done = done;
    const bytes = Buffer.from(text, 'utf8');
    this.#goOn(bytes.subarray(this.#writeQuickly(bytes)));
  }

  dispose(): void {
    if (this.#quickFd !== null) closeSync(this.#quickFd);
    this.#quickFd = null;
  }

  /** How many bytes the terminal took. An error is left to the thread's write, which meets it again. */
  #writeQuickly(bytes: Buffer): number {
    if (this.#quickFd === null) return 0;
    try {
      return writeSync(this.#quickFd, bytes);
    } catch {
      return 0;
    }
  }

  /** Writes before it returns, after what is under way: for the moment of exit. Errors mean that nobody is there. */
  writeNow(text: string): void {
    // The rest of a write under way is dropped; if that is in the middle of a sequence, ST ends it, and a link.
    this.#isCut = this.#rest !== null;
    let rest = Buffer.from(this.#isCut ? `\u001b\\${closeLink}${text}` : text, 'utf8');
    for (let retries = 0; rest.length > 0 && retries < retriesMax; ) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        retries++;
        pause(retryMs);
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

/** Opened anew, since the mode of a descriptor is shared with the shell. Elsewhere than on Linux a new one is not to be had. */
function openQuick(fd: number): number | null {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
}
