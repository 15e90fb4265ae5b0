import { Worker } from 'node:worker_threads';
import { FloodRing } from './flood-ring.ts';

/** More than the first, in bytes, within the second, in ms, is a flood. */
const floodBytes = 512 * 1024;
const floodMs = 100;

/** A read takes far below a millisecond; longer than this, in ms, only a thread that has died is waited for. */
const readMs = 1_000;

/** One terminal at a time has a thread: the parsing of all of them is the work of one processor anyway. */
let isTaken = false;
/** Its program could not be run: that is not tried again for each flood. */
let isBroken = false;

interface FloodHands {
  /** The descriptor of the terminal, which does not block. */
  fd(): number;
  /** In the order in which it was read. */
  tell(bytes: Buffer): void;
  /** `isReading` has changed. Nobody else may read while it is true. */
  changed(): void;
}

/**
 * Reads a terminal in a thread of its own while its program writes as fast as it can. A terminal gives 4 KB at a time, and the
 * kernel brings the next 4 KB while whoever reads waits for them: who also parses does one after the other.
 */
export class FloodReader {
  readonly #program: URL;
  readonly #hands: FloodHands;
  /** Read without it, since when in ms. */
  #bytes = 0;
  #since = 0;
  #ring: FloodRing | null = null;
  #isReading = false;
  #isPaused = false;

  /** `program` is that of the thread, `flood-worker.ts`. */
  constructor(program: URL, hands: FloodHands) {
    this.#program = program;
    this.#hands = hands;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  /** So many bytes were read without it. */
  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < floodBytes) return;
    const now = performance.now();
    if (now - this.#since < floodMs && !isTaken && !isBroken) this.#start();
    this.#bytes = 0;
    this.#since = now;
  }

  /** Nothing is told; the thread reads as far as it has room. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#take();
  }

  /** When it returns nothing is read any more, and all that was read is told, also while it is paused. */
  stop(): void {
    this.#ring?.stop();
    // One that has not begun will not: it finds that it is stopped.
    if (this.#isReading) this.#ring?.waitUntilOver(readMs);
    else this.#ring?.start();
    this.#over();
  }

  #start(): void {
    const ring = new FloodRing();
    this.#ring = ring;
    isTaken = true;
    const worker = new Worker(this.#program, {
      workerData: { fd: this.#hands.fd(), shared: ring.shared },
      resourceLimits: { maxYoungGenerationSizeMb: 1 },
    });
    worker.unref();
    worker.once('online', () => {
      if (this.#ring !== ring) return;
      this.#isReading = true;
      this.#hands.changed();
      ring.start();
    });
    worker.on('message', (said: 'some' | 'over') => {
      if (this.#ring !== ring) return;
      if (said === 'over') this.#over();
      else if (!this.#isPaused) this.#take();
    });
    worker.once('error', () => {
      isBroken = true;
      if (this.#ring === ring) this.#over();
    });
  }

  #take(): void {
    const bytes = this.#ring?.take();
    if (bytes && bytes.length > 0) this.#hands.tell(bytes);
  }

  #over(): void {
    if (!this.#ring) return;
    this.#take();
    this.#ring = null;
    isTaken = false;
    this.#isReading = false;
    this.#hands.changed();
  }
}
