import type { Emulator } from '../screen/emulator.ts';
import { snapshot } from '../screen/snapshot.ts';
import type { WriterRequest } from './recording-messages.ts';

/** Output of one segment, in bytes. History and playback can begin at each, and the oldest goes when the cap is reached. */
const segmentBytes = 1024 * 1024;

/** What is handed to the writer at once, in bytes, before its time has come. */
const batchBytes = 256 * 1024;

/** Chunks that come within this time, in ms, and are no more than so many bytes together, become one event. */
const eventMs = 16;
const eventBytes = 32 * 1024;

/** Bytes that may wait for the disk: of one session, and how few must be left until recording goes on. */
const waitingHigh = 4 * 1024 * 1024;
const waitingLow = 512 * 1024;

/**
 * A screen that changes its size takes lines back from its history, which a segment does not hold: another begins with the first
 * output after this long, in ms, so that dragging a window does not make a hundred.
 */
const resizeQuietMs = 1_000;

/** Pause after a failure of the disk, in ms. */
const retryMs = 10_000;

export interface RecorderHands {
  post(request: WriterRequest, transfer: ArrayBuffer[]): void;
  /** Has `flush` called within a quarter of a second. */
  wantFlush(recorder: Recorder): void;
  /** Room for so many more bytes that wait for the disk, in all sessions together. False: there is none. */
  take(bytes: number): boolean;
  /** Gives back room for bytes that were never posted. */
  giveBack(bytes: number): void;
  clock(): number;
}

interface Post {
  /** Null: it is being made. */
  request: WriterRequest | null;
  transfer: ArrayBuffer[];
}

/**
 * Records one session. On the way of a chunk it only remembers it. When the disk is too slow whole stretches are left out,
 * and what follows begins with the screen as it is then.
 */
export class Recorder {
  readonly session: string;
  readonly #emulator: Emulator;
  readonly #hands: RecorderHands;
  #chunks: Uint8Array[] = [];
  #ends: number[] = [];
  #times: number[] = [];
  #chunkBytes = 0;
  #eventStart = 0;
  #inSegment = 0;
  /** When the size changed last in this segment, in ms since the epoch. */
  #resizedAt = Number.POSITIVE_INFINITY;
  /** Posted and not taken yet, or still here. */
  #waiting = 0;
  /** In order. The first is a screen that is still being taken: what follows waits for it. */
  #posts: Post[] = [];
  #posted: (() => void)[] = [];
  /** Bytes that are left out since recording stopped; null while it goes on. */
  #missing: number | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(session: string, emulator: Emulator, hands: RecorderHands) {
    this.session = session;
    this.#emulator = emulator;
    this.#hands = hands;
    this.#begin(false);
  }

  /** Bytes of the program, before the emulator is given them: the screen that begins a segment is that of all before. */
  output(bytes: Uint8Array): void {
    if (this.#missing !== null || this.#isClosed) {
      this.#missing = (this.#missing ?? 0) + bytes.length;
      return;
    }
    const now = this.#hands.clock();
    if (this.#inSegment >= segmentBytes || now - this.#resizedAt >= resizeQuietMs) this.#begin(true);
    if (this.#waiting > waitingHigh || !this.#hands.take(bytes.length)) {
      this.#stop();
      this.#missing = bytes.length;
      return;
    }
    this.#waiting += bytes.length;
    this.#inSegment += bytes.length;
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
    const last = this.#ends.length - 1;
    if (last >= 0 && now - this.#times[last] < eventMs && this.#chunkBytes - this.#eventStart <= eventBytes) {
      this.#ends[last] = this.#chunkBytes;
    } else {
      this.#eventStart = this.#chunkBytes - bytes.length;
      this.#ends.push(this.#chunkBytes);
      this.#times.push(now);
    }
    if (this.#chunkBytes >= batchBytes) this.flush();
    else if (this.#chunks.length === 1) this.#hands.wantFlush(this);
  }

  /** At this place of the stream. */
  resized(cols: number, rows: number): void {
    if (this.#missing !== null) return;
    this.flush();
    this.#resizedAt = this.#hands.clock();
    this.#post({ type: 'resize', session: this.session, at: this.#resizedAt, cols, rows });
  }

  /** Hands over what has come so far. */
  flush(): void {
    if (this.#chunks.length === 0) return;
    const bytes = new Uint8Array(this.#chunkBytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const request = { type: 'output' as const, session: this.session, bytes, ends: this.#ends, times: this.#times };
    this.#clear();
    this.#post(request, [bytes.buffer]);
  }

  /** Resolves when what has come so far is handed over. */
  async flushed(): Promise<void> {
    this.flush();
    if (this.#posts.length > 0) await new Promise<void>((resolve) => this.#posted.push(resolve));
  }

  /** The writer holds these bytes no more. */
  taken(bytes: number): void {
    this.#waiting -= bytes;
    if (this.#missing !== null && this.#retry === null && this.#waiting <= waitingLow) this.#begin(false);
  }

  /** The writer cannot write; it is tried again later. */
  failed(): void {
    this.#stop();
    if (this.#isClosed || this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#begin(false);
    }, retryMs);
    this.#retry.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#post({ type: 'close', session: this.session });
    this.#isClosed = true;
    if (this.#retry) clearTimeout(this.#retry);
  }

  #stop(): void {
    this.#missing ??= 0;
    this.#waiting -= this.#chunkBytes;
    this.#hands.giveBack(this.#chunkBytes);
    this.#clear();
  }

  #clear(): void {
    this.#chunks = [];
    this.#ends = [];
    this.#times = [];
    this.#chunkBytes = 0;
    this.#eventStart = 0;
  }

  /** Begins a segment here: an empty write marks this point of the stream, as for a viewer. */
  #begin(isContinued: boolean): void {
    if (this.#isClosed) return;
    this.flush();
    const missing = this.#missing ?? 0;
    this.#missing = null;
    this.#inSegment = 0;
    this.#resizedAt = Number.POSITIVE_INFINITY;
    const post: Post = { request: null, transfer: [] };
    this.#posts.push(post);
    const { session } = this;
    const { unfinished } = this.#emulator;
    const at = this.#hands.clock();
    this.#emulator.write('', () => {
      const { cols, rows } = this.#emulator;
      const screen = snapshot(this.#emulator);
      post.request = { type: 'screen', session, at, cols, rows, screen, unfinished, isContinued, missing };
      this.#drain();
    });
  }

  #post(request: WriterRequest, transfer: ArrayBuffer[] = []): void {
    this.#posts.push({ request, transfer });
    this.#drain();
  }

  #drain(): void {
    while (this.#posts[0]?.request) {
      const { request, transfer } = this.#posts.shift() as Post & { request: WriterRequest };
      this.#hands.post(request, transfer);
    }
    if (this.#posts.length === 0) for (const resolve of this.#posted.splice(0)) resolve();
  }
}
