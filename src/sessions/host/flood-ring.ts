/** Bytes that it holds at most, a power of two. */
const size = 256 * 1024;

/** Places of the numbers that both threads see. */
const written = 0;
const taken = 1;
const limit = 2;
const isTold = 3;
const isStarted = 4;
const isStopped = 5;
const isOver = 6;
const numbersBytes = 7 * Int32Array.BYTES_PER_ELEMENT;

/** What one thread reads from a terminal and another takes, in order, and what they tell each other without a message. */
export class FloodRing {
  readonly shared: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(shared = new SharedArrayBuffer(numbersBytes + size)) {
    this.shared = shared;
    this.#numbers = new Int32Array(shared, 0, numbersBytes / Int32Array.BYTES_PER_ELEMENT);
    this.#bytes = new Uint8Array(shared, numbersBytes);
  }

  // Both counts go round as 32 bits do; of their difference and of the place in the ring that changes nothing.
  get #waiting(): number {
    return (Atomics.load(this.#numbers, written) - Atomics.load(this.#numbers, taken)) | 0;
  }

  /** Bytes that may be read and not taken yet, as far as it can hold them. */
  set limit(bytes: number) {
    Atomics.store(this.#numbers, limit, Math.min(size, bytes));
  }

  get #left(): number {
    return Math.max(0, Atomics.load(this.#numbers, limit) - this.#waiting);
  }

  /** Where the next bytes go, as far as there is room in one piece; empty when there is none. */
  room(): Uint8Array {
    const start = Atomics.load(this.#numbers, written) & (size - 1);
    return this.#bytes.subarray(start, start + this.#left);
  }

  /** So many bytes were put where there was room. True when the other thread does not know that some wait. */
  wrote(length: number): boolean {
    Atomics.add(this.#numbers, written, length);
    return Atomics.exchange(this.#numbers, isTold, 1) === 0;
  }

  /** All that waits, as a copy. */
  take(): Buffer {
    Atomics.store(this.#numbers, isTold, 0);
    const length = this.#waiting;
    const start = Atomics.load(this.#numbers, taken) & (size - 1);
    const first = this.#bytes.subarray(start, start + length);
    const bytes = Buffer.concat([first, this.#bytes.subarray(0, length - first.length)]);
    Atomics.add(this.#numbers, taken, length);
    Atomics.notify(this.#numbers, taken);
    return bytes;
  }

  /** Waits until something is taken when there is no room, and at most so many ms. */
  waitForRoom(ms: number): void {
    const before = Atomics.load(this.#numbers, taken);
    if (this.#left === 0) Atomics.wait(this.#numbers, taken, before, ms);
  }

  start(): void {
    this.#set(isStarted);
  }

  waitForStart(): void {
    Atomics.wait(this.#numbers, isStarted, 0);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#numbers, isStopped) === 1;
  }

  /** Whoever waits for it, or for room, goes on. */
  stop(): void {
    this.#set(isStopped);
    Atomics.notify(this.#numbers, taken);
  }

  /** Waits at most so many ms. */
  waitForStop(ms: number): void {
    Atomics.wait(this.#numbers, isStopped, 0, ms);
  }

  /** Nothing is written from now on. */
  over(): void {
    this.#set(isOver);
  }

  /** Waits at most so many ms. */
  waitUntilOver(ms: number): void {
    Atomics.wait(this.#numbers, isOver, 0, ms);
  }

  #set(place: number): void {
    Atomics.store(this.#numbers, place, 1);
    Atomics.notify(this.#numbers, place);
  }
}
