import { Worker } from 'node:worker_threads';
import { FloodRing } from './flood-ring.ts';
import { share } from './parse-share.ts';

/** More than the first, in bytes, within the second, in ms, is a flood. */
const floodBytes = 512 * 1024;
const floodMs = 100;

/** A read takes far below a millisecond; longer than this, in ms, only a thread that has died is waited for. */
const readMs = 1_000;

/** Between the end of one thread and the start of the next, in ms: one that writes in bursts is not worth it. */
const restMs = 250;

/** One terminal at a time has a thread: the parsing of all of them is the work of one processor anyway. */
let isTaken = false;
/** The end of the last one, in ms. */
let endedAt = Number.NEGATIVE_INFINITY;

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
    if (now - this.#since < floodMs && !isTaken && now - endedAt > restMs) this.#start();
    this.#bytes = 0;
    this.#since = now;
  }

  /** The thread reads as far as it has room, and nothing of it is told before `resume`, or before it has ended. */
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
    ring.limit = share();
    const worker = this.#thread(ring);
    if (worker === null) return;
    this.#ring = ring;
    isTaken = true;
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
    // It says that it is over; what keeps it from that is followed by its exit.
    worker.once('error', () => {});
    worker.once('exit', () => this.#ring === ring && this.#over());
  }

  /** Null when the machine lets nobody start another. */
  #thread({ shared }: FloodRing): Worker | null {
    const resourceLimits = { maxYoungGenerationSizeMb: 1 };
    try {
      return new Worker(this.#program, { workerData: { fd: this.#hands.fd(), shared }, resourceLimits });
    } catch {
      endedAt = performance.now();
      return null;
    }
  }

  #take(): void {
    if (!this.#ring) return;
    this.#ring.limit = share();
    const bytes = this.#ring.take();
    if (bytes.length > 0) this.#hands.tell(bytes);
  }

  #over(): void {
    const bytes = this.#ring?.take();
    if (!bytes) return;
    this.#ring = null;
    this.#isReading = false;
    isTaken = false;
    endedAt = performance.now();
    try {
      if (bytes.length > 0) this.#hands.tell(bytes);
    } finally {
      this.#hands.changed();
    }
  }
}
