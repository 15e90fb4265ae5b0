import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Disposable } from '../base/disposable.ts';
import { openRecord } from './open-record.ts';

/** How often a file is looked at, in ms: a state is to be shown half a second after it was written. */
const lookMs = 200;
/** How much is read in one go, in bytes. */
const pieceBytes = 256 * 1024;
/** Longest line that is kept, in characters: agents write pictures and whole files into their records. */
const lineLengthMax = 8_000_000;

/**
 * Tells each complete line of a file that grows, from its beginning. `locate` is asked until it gives a path; a file that was
 * replaced by a shorter one is read again. What cannot be read is tried again, in silence: the program owns the file.
 */
export function followLines(locate: () => Promise<string | null>, hear: (line: string) => void): Disposable {
  let isDisposed = false;
  const reader = new LineReader((line) => {
    if (!isDisposed) hear(line);
  });
  let path: string | null = null;
  let timer: NodeJS.Timeout;
  const look = async () => {
    try {
      path ??= await locate();
      while (path !== null && !isDisposed && (await reader.read(path)));
    } catch {
      // Not there yet, or gone.
    }
    if (!isDisposed) timer = setTimeout(look, lookMs).unref();
  };
  timer = setTimeout(look, 0).unref();
  return {
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}

class LineReader {
  readonly #hear: (line: string) => void;
  #position = 0;
  #inode = 0;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #isSkipping = false;

  constructor(hear: (line: string) => void) {
    this.#hear = hear;
  }

  /** Reads one piece; false when there is no more for now. */
  async read(path: string): Promise<boolean> {
    await using file = await openRecord(path);
    const { size, ino } = await file.stat();
    if (ino !== this.#inode || size < this.#position) this.#restart(ino);
    if (size === this.#position) return false;
    this.#take(await this.#piece(file));
    return this.#position < size;
  }

  #restart(inode: number): void {
    this.#inode = inode;
    this.#position = 0;
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
    this.#isSkipping = false;
  }

  async #piece(file: FileHandle): Promise<Buffer> {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, this.#position);
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  #take(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!this.#isSkipping && line.trim() !== '') this.#hear(line);
      this.#isSkipping = false;
    }
    if (this.#rest.length <= lineLengthMax) return;
    this.#rest = '';
    this.#isSkipping = true;
  }
}
