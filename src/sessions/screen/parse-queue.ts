/**
 * Longest that the event loop parses before it looks for input again, in ms. With many busy sessions a key waits for one turn and
 * for what the loop reads in between, which is as much as the turn has parsed (`host/parse-share.ts`); so does its echo.
 */
const turnMs = 1;

/**
 * Bytes that are parsed in one go. It begins with the first and is doubled or halved, between the other two, so that a go takes
 * well under a turn whatever the bytes are: plain text costs 0.02 ms per KB, sequences that fill the screen a thousand times that.
 */
const goBytes = 4 * 1024;
const goBytesMin = 256;
const goBytesMax = 32 * 1024;
const goMsShort = 0.3;
const goMsLong = 1;

/** Writes that are done and still held, of one emulator. */
const doneMax = 1_024;

interface Write {
  bytes: Uint8Array;
  done: () => void;
}

/** What waits to be parsed by one emulator, in order. */
export class ParseLine {
  readonly #queue: ParseQueue;
  readonly #parse: (bytes: Uint8Array) => unknown;
  readonly #most: () => number;
  readonly #now: () => number;
  #writes: Write[] = [];
  /** Those before it are done: taking each away from a long array would cost its whole length. */
  #next = 0;
  /** Of the next write, what has been parsed. */
  #offset = 0;
  #goBytes = goBytes;
  /** Of the next write, where the go ends that was paused; 0 if none was. */
  #pausedTo = 0;

  /**
   * `parse` gives false when it has paused: it is given the same again in the next go. `now` gives ms. `most` tells how many
   * bytes a go may hold.
   */
  constructor(
    queue: ParseQueue,
    parse: (bytes: Uint8Array) => unknown,
    now = () => performance.now(),
    most = () => goBytesMax,
  ) {
    this.#queue = queue;
    this.#parse = parse;
    this.#most = most;
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#next === this.#writes.length;
  }

  /** `done` is called when it has been parsed. `isPaused`: the parser has paused in it, and nothing else waits. */
  add(bytes: Uint8Array, done: () => void, isPaused = false): void {
    if (this.isEmpty) this.#queue.add(this);
    if (isPaused) this.#pausedTo = bytes.length;
    this.#writes.push({ bytes, done });
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

  add(line: ParseLine): void {
    this.#lines.add(line);
    this.#schedule();
  }

  remove(line: ParseLine): void {
    this.#lines.delete(line);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const until = performance.now() + turnMs;
    try {
      for (const line of this.#lines) {
        this.#go(line);
        if (performance.now() >= until) break;
      }
    } finally {
      if (this.#lines.size > 0) this.#schedule();
    }
  }

  /** One that is not done goes to the end, and is met again only when the others had a go; so does one whose `done` throws. */
  #go(line: ParseLine): void {
    this.#lines.delete(line);
    try {
      line.go();
    } finally {
      if (!line.isEmpty) this.#lines.add(line);
    }
  }
}

/** The place at or before `at` that is in no UTF-8 character's middle: the parser takes characters whole. */
function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = 0; back < 4 && at < bytes.length; back++)
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  return at;
}
