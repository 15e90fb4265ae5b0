import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Longest time for which work that is cut into slices holds the event loop, in ms: with a collection of garbage on top it stays
 * below 10, and a frame of a dashboard takes 16.
 */
const sliceMs = 5;

/** Work that must not hold up whoever else uses the event loop: `if (slices.isOver) await slices.next()`. */
export class Slices {
  #since = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#since > sliceMs;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
