import type { Connection } from '../../daemon/connection.ts';
import { frameKind, payloadBytesMax } from '../../protocol/frames.ts';
import { canBeStill, encodeStill } from '../../protocol/still.ts';
import type { Emulator } from '../screen/emulator.ts';
import { snapshot } from '../screen/snapshot.ts';

/** Bytes that may wait for a viewer that does not read; beyond it is shown the newest screen when it reads again. */
const backlogMax = 1024 * 1024;

/**
 * Above this many bytes in one period (about 1.3 MB a second) nobody reads them: the viewer gets pictures of the screen, one a
 * period, until a period with fewer than the second. A flood then costs neither the wire nor the viewer anything.
 */
const floodPeriodMs = 50;
const floodBytes = 64 * 1024;
const calmBytes = 16 * 1024;

/** In a flood it is looked so often whether the program paused, in ms: what it ended with is shown without waiting for the period. */
const pauseLookMs = 8;

/** A larger still, as of long links, would count as a viewer that has fallen behind. */
const stillBytesMax = 64 * 1024;

const nothing = new Uint8Array(0);

type Item = Uint8Array | { cols: number; rows: number } | 'ended';

/**
 * One client that looks at one session. It gets the present screen first and then every byte; when it falls behind it
 * gets a new screen instead of what it missed, and so it does in a flood. Sizes and the end come at their place among the
 * bytes. It never holds anything up.
 */
export class Viewer {
  readonly connection: Connection;
  readonly channel: number;
  readonly #emulator: Emulator;
  /** What came while a snapshot is being taken: it follows it. */
  #waiting: Item[] | null = null;
  #waitingBytes = 0;
  /** It gets no bytes: its next screen will come. */
  #isBehind = false;
  #flood: NodeJS.Timeout | null = null;
  /** Bytes of the present period, how many of them were there at the last look and the last picture, and when it began, in ms. */
  #periodBytes = 0;
  #lookedBytes = 0;
  #shownBytes = 0;
  #periodAt = 0;
  #isEnded = false;
  #isGone = false;
  #hasStill = false;

  constructor(connection: Connection, channel: number, emulator: Emulator) {
    this.connection = connection;
    this.channel = channel;
    this.#emulator = emulator;
    this.#sendSnapshot();
  }

  /** Bytes that the session wrote; the emulator has been given the same, in the same order. */
  output(bytes: Uint8Array): void {
    if (this.#isGone) return;
    this.#count(bytes.length);
    this.#pass(bytes);
  }

  #pass(bytes: Uint8Array): void {
    if (this.#isBehind) return;
    if (this.#waiting) {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes > backlogMax) this.#fallBehind();
    } else if (this.connection.backlogBytes > backlogMax) this.#fallBehind();
    else this.connection.sendBytes(frameKind.output, this.channel, bytes);
  }

  /** The connection has taken what was waiting. */
  drained(): void {
    if (!this.#isBehind || this.#isGone || this.#flood) return;
    this.#isBehind = false;
    this.#sendSnapshot();
  }

  resized(cols: number, rows: number): void {
    // One that is behind hears the size with its next screen.
    if (this.#isGone || this.#isBehind) return;
    if (this.#waiting) this.#waiting.push({ cols, rows });
    else this.#sendSize(cols, rows);
  }

  ended(): void {
    this.#isEnded = true;
    if (this.#flood) {
      clearTimeout(this.#flood);
      this.#flood = null;
      this.drained();
    } else if (this.#isGone || this.#isBehind) return;
    else if (this.#waiting) this.#waiting.push('ended');
    else this.connection.send({ type: 'ended', channel: this.channel });
  }

  leave(): void {
    this.#isGone = true;
    if (this.#flood) clearTimeout(this.#flood);
  }

  #count(bytes: number): void {
    this.#periodBytes += bytes;
    if (this.#flood || this.#periodBytes <= floodBytes) return;
    const now = performance.now();
    if (now - this.#periodAt < floodPeriodMs) {
      this.#flood = setTimeout(() => this.#inFlood(), pauseLookMs);
      this.#waiting = null;
      this.#isBehind = true;
    }
    this.#beginPeriod(now);
  }

  #beginPeriod(now: number): void {
    this.#periodAt = now;
    this.#periodBytes = 0;
    this.#lookedBytes = 0;
    this.#shownBytes = 0;
  }

  #inFlood(): void {
    this.#flood = null;
    const now = performance.now();
    const isWhole = now - this.#periodAt >= floodPeriodMs;
    const hasPaused = this.#periodBytes === this.#lookedBytes && this.#periodBytes !== this.#shownBytes;
    const isOver = isWhole && this.#periodBytes < calmBytes;
    this.#lookedBytes = this.#periodBytes;
    if (isWhole) this.#beginPeriod(now);
    if (isOver) {
      this.drained();
      return;
    }
    this.#flood = setTimeout(() => this.#inFlood(), pauseLookMs);
    // A picture of what is parsed by now; one that has not taken the last does not need it.
    if (!(isWhole || hasPaused) || this.connection.backlogBytes >= floodBytes) return;
    this.#shownBytes = this.#periodBytes;
    this.#sendScreen();
  }

  #sendScreen(unfinished: Uint8Array = nothing): void {
    this.#sendSize(this.#emulator.cols, this.#emulator.rows);
    this.#sendStill();
    const screen = Buffer.concat([Buffer.from(snapshot(this.#emulator)), unfinished]);
    this.connection.sendBytes(frameKind.snapshot, this.channel, screen.subarray(0, payloadBytesMax));
    // One of hundreds of thousands of cells, each of other colours, fits no frame: the rest goes on from there.
    for (let at = payloadBytesMax; at < screen.length; at += payloadBytesMax) {
      this.connection.sendBytes(frameKind.output, this.channel, screen.subarray(at, at + payloadBytesMax));
    }
  }

  /** Once: who attaches to fifty sessions has all of them to draw, and most of them write nothing. */
  #sendStill(): void {
    if (this.#hasStill) return;
    this.#hasStill = true;
    const { cols, rows } = this.#emulator;
    const still = canBeStill(cols, rows) ? encodeStill(this.#emulator.still()) : null;
    if (still !== null && still.length <= stillBytesMax)
      this.connection.sendBytes(frameKind.still, this.channel, still);
  }

  #sendSize(cols: number, rows: number): void {
    this.connection.send({ type: 'resized', channel: this.channel, cols, rows });
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#waiting = null;
    this.#waitingBytes = 0;
    // Too little waits for a drain to be announced: there is room at once.
    if (!this.connection.needsDrain) setImmediate(() => this.drained());
  }

  /** An empty write marks this point of the stream: its callback comes when all before it, and nothing after, is parsed. */
  #sendSnapshot(): void {
    const waiting: Item[] = this.#isEnded ? ['ended'] : [];
    this.#waiting = waiting;
    this.#waitingBytes = 0;
    // The parser may stand in the middle of a sequence here; the viewer's own has to stand there too.
    const { unfinished } = this.#emulator;
    this.#emulator.write('', () => {
      if (this.#isGone || this.#waiting !== waiting) return;
      this.#waiting = null;
      this.#sendScreen(unfinished);
      for (const item of waiting) {
        if (item === 'ended') this.ended();
        else if (item instanceof Uint8Array) this.#pass(item);
        else this.resized(item.cols, item.rows);
      }
    });
  }
}
