import { open } from 'node:fs/promises';
import { type RecordedEvent, RecordingBuilder } from './recording.ts';
import { segmentFile, segmentNumbers } from './segment.ts';

/** Read at once, in bytes. */
const readBytes = 1024 * 1024;

/** Reads a recording while it is being written: each `read` gives what has come since the last. */
export class RecordingTail {
  readonly #folder: string;
  readonly #builder = new RecordingBuilder();
  #number = 0;
  #offset = 0;
  /** The beginning of a line whose end is not written yet. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Of the first segment that was read; null before. */
  get header() {
    return this.#builder.header;
  }

  /** Throws `recording.unreadable`. */
  async read(): Promise<RecordedEvent[]> {
    for (const number of segmentNumbers(this.#folder)) {
      if (number < this.#number) continue;
      if (number > this.#number) {
        this.#number = number;
        this.#offset = 0;
        this.#rest = Buffer.alloc(0);
        this.#builder.begin(segmentFile(this.#folder, number));
      }
      await this.#readOn(segmentFile(this.#folder, number));
    }
    return this.#builder.events.splice(0);
  }

  async #readOn(file: string): Promise<void> {
    // Removed since it was listed: what was in it is gone.
    const handle = await open(file, 'r').catch(() => null);
    if (handle === null) return;
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(readBytes), 0, readBytes, this.#offset);
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        this.#take(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  }

  #take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(0x0a);
    const rest = Buffer.concat([this.#rest, bytes.subarray(0, Math.max(0, end))]);
    if (end < 0) {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      return;
    }
    this.#rest = Buffer.from(bytes.subarray(end + 1));
    for (const line of rest.toString('utf8').split('\n')) this.#builder.add(line);
  }
}
