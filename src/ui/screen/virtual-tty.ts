import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * What Ink writes to. It has a size but says that it is no terminal, so Ink sends whole frames and leaves cursor, modes
 * and synchronization alone; those belong to the painter.
 */
export class VirtualStdout extends Writable {
  readonly isTTY = false;
  columns: number;
  rows: number;
  readonly #onFrame: (frame: string) => void;

  constructor(cols: number, rows: number, onFrame: (frame: string) => void) {
    super({ decodeStrings: false });
    this.columns = cols;
    this.rows = rows;
    this.#onFrame = onFrame;
  }

  resize(cols: number, rows: number): void {
    this.columns = cols;
    this.rows = rows;
    this.emit('resize');
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const frame = chunk.toString().replace(eraseBefore, '');
    if (frame !== '') this.#onFrame(frame);
    done();
  }
}

// Ink erases the last frame line by line before it writes the next.
const eraseBefore = /^(?:\u001b\[[\d;?]*[A-HJKhl])+/;

/** What Ink reads keys from: `push` hands text over at once, before it returns. Text that nobody listens for is dropped. */
export class VirtualStdin extends EventEmitter {
  readonly isTTY = true;
  readonly #decoder = new StringDecoder('utf8');
  #waiting: string[] = [];

  push(bytes: Uint8Array): void {
    const text = this.#decoder.write(bytes);
    if (text === '' || this.listenerCount('readable') === 0) return;
    this.#waiting.push(text);
    this.emit('readable');
  }

  read(): string | null {
    return this.#waiting.shift() ?? null;
  }

  setEncoding(): this {
    return this;
  }

  setRawMode(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
