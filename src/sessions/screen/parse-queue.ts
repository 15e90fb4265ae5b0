import { firstLineEnd, plainLines } from './plain-flood.ts';

/**
 * Longest that the event loop parses before it looks for input again, in ms. With many busy sessions a key waits for one
 * turn and for what the loop reads in between.
 */
const turnMs = 3;

/**
 * Bytes that are parsed in one go. It begins with the first and is doubled or halved, between the other two, so that a go takes
 * well under a turn whatever the bytes are: plain text costs 0.02 ms per KB, sequences that fill the screen a thousand times that.
 */
const goBytes = 4 * 1024;
const goBytesMin = 256;
const goBytesMax = 32 * 1024;
const goMsShort = 0.3;
const goMsLong = 1;

/**
 * A flood of plain text is gathered so long, in ms, or until it is so many bytes: of a thousand lines that come at once most have left
 * the history again before anybody could look.
 */
const gatherMs = 6;
const gatherBytes = 384 * 1024;

/** Writes that are done and still held, of one emulator. */
const doneMax = 1_024;

interface Write {
  bytes: Uint8Array;
  done: () => void;
  /** See `plainLines`. */
  lines: number | null;
}

export interface ParseOptions {
  /** ms. */
  now?: () => number;
  /** How many bytes a go may hold. */
  most?: () => number;
  /** Ends of lines after which nothing is left of the lines before them; null when that cannot be said now. */
  forgets?: () => number | null;
}

/** What waits to be parsed by one emulator, in order. */
export class ParseLine {
  readonly #queue: ParseQueue;
  readonly #parse: (bytes: Uint8Array) => unknown;
  readonly #most: () => number;
  readonly #now: () => number;
  readonly #forgets: () => number | null;
  #writes: Write[] = [];
  /** Those before it are done: taking each away from a long array would cost its whole length. */
  #next = 0;
  /** Of the next write, what has been parsed. */
  #offset = 0;
  #goBytes = goBytes;
  /** Of the next write, where the go ends that was paused; 0 if none was. */
  #pausedTo = 0;
  /** Since when something waits, in ms; how many bytes; and whether all of them are plain. */
  #since = 0;
  #waiting = 0;
  #isPlain = true;

  /** `parse` gives false when it has paused: it is given the same again in the next go. */
  constructor(queue: ParseQueue, parse: (bytes: Uint8Array) => unknown, options: ParseOptions = {}) {
    this.#queue = queue;
    this.#parse = parse;
    this.#most = options.most ?? (() => goBytesMax);
    this.#now = options.now ?? (() => performance.now());
    this.#forgets = options.forgets ?? (() => null);
  }

  get isEmpty(): boolean {
    return this.#next === this.#writes.length;
  }

  /** `done` is called when it has been parsed. `isPaused`: the parser has paused in it, and nothing else waits. */
  add(bytes: Uint8Array, done: () => void, isPaused = false): void {
    const lines = this.#forgets() === null ? null : plainLines(bytes);
    if (this.isEmpty) {
      this.#since = this.#now();
      this.#waiting = 0;
      this.#isPlain = true;
    }
    if (isPaused) this.#pausedTo = bytes.length;
    this.#writes.push({ bytes, done, lines });
    this.#waiting += bytes.length;
    this.#isPlain &&= lines !== null;
    this.#queue.add(this);
  }

  /** More of the same is to come before it is worth while to parse it. */
  get isGathering(): boolean {
    return this.#isPlain && this.#waiting < gatherBytes && this.#now() - this.#since < gatherMs;
  }

  /** Forgets what waits; no `done` is called. */
  clear(): void {
    this.#writes = [];
    this.#next = 0;
    this.#offset = 0;
    this.#pausedTo = 0;
    this.#queue.remove(this);
  }

  /** Parses some of what waits. */
  go(): void {
    this.#skip();
    const write = this.#writes[this.#next];
    if (!write) return;
    const { bytes, done } = write;
    const size = Math.min(this.#goBytes, this.#most());
    const end = this.#pausedTo || characterStart(bytes, Math.min(bytes.length, this.#offset + size));
    if (end > this.#offset) {
      const startedAt = this.#now();
      const part = this.#offset === 0 && end === bytes.length ? bytes : bytes.subarray(this.#offset, end);
      const isPaused = this.#parse(part) === false;
      this.#pace(end - this.#offset, this.#now() - startedAt);
      this.#pausedTo = isPaused ? end : 0;
      if (isPaused) return;
    }
    this.#offset = end;
    if (end < bytes.length || this.#writes[this.#next] !== write) return;
    this.#finish(done);
  }

  /** Of plain text nothing is parsed that the lines after it push out of the history. */
  #skip(): void {
    const kept = this.#pausedTo > 0 || (this.#writes[this.#next]?.lines ?? null) === null ? null : this.#forgets();
    if (kept === null) return;
    let end = this.#next;
    while ((this.#writes[end]?.lines ?? null) !== null) end += 1;
    // The lines of the first one that is kept do not count: it is not kept from its beginning on.
    let first = end - 1;
    for (let lines = 0; lines < kept && first > this.#next; first--) lines += this.#writes[first]?.lines ?? 0;
    if (first <= this.#next) return;
    const write = this.#writes[first] as Write;
    const start = firstLineEnd(write.bytes);
    if (start < 0) return;
    while (this.#writes[this.#next] !== write && !this.isEmpty)
      this.#finish(this.#writes[this.#next]?.done as () => void);
    if (!this.isEmpty) this.#offset = start;
  }

  #finish(done: () => void): void {
    this.#waiting -= this.#writes[this.#next]?.bytes.length ?? 0;
    this.#next += 1;
    this.#offset = 0;
    if (this.#next >= doneMax || this.isEmpty) {
      this.#writes = this.#writes.slice(this.#next);
      this.#next = 0;
    }
    done();
  }

  #pace(parsed: number, ms: number): void {
    if (ms > goMsLong) this.#goBytes = Math.max(goBytesMin, Math.min(this.#goBytes, parsed) >> 1);
    else if (ms < goMsShort && parsed === this.#goBytes) this.#goBytes = Math.min(goBytesMax, this.#goBytes * 2);
  }
}

/** Shares the event loop between emulators that have something to parse: in turn, and in turns that end soon. */
export class ParseQueue {
  #lines = new Set<ParseLine>();
  #isScheduled = false;
  #timer: NodeJS.Timeout | null = null;

  add(line: ParseLine): void {
    this.#lines.add(line);
    this.#schedule();
  }

  remove(line: ParseLine): void {
    this.#lines.delete(line);
  }

  /** At once, if one of them does not gather. */
  #schedule(): void {
    if (this.#isScheduled || this.#lines.size === 0) return;
    if ([...this.#lines].every((line) => line.isGathering)) {
      this.#timer ??= setTimeout(() => this.#turn(), gatherMs);
      return;
    }
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const until = performance.now() + turnMs;
    // One that is not done goes to the end, and is met again only when the others had a go.
    for (const line of this.#lines) {
      if (line.isGathering) continue;
      line.go();
      this.#lines.delete(line);
      if (!line.isEmpty) this.#lines.add(line);
      if (performance.now() >= until) break;
    }
    this.#schedule();
  }
}

/** The place at or before `at` that is in no UTF-8 character's middle: the parser takes characters whole. */
function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = 0; back < 4 && at < bytes.length; back++)
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  return at;
}
