import type { Connection } from '../../daemon/connection.ts';
import { frameKind } from '../../protocol/frames.ts';
import type { Emulator } from '../screen/emulator.ts';
import { snapshot } from '../screen/snapshot.ts';

/** Bytes that may wait for a viewer that does not read; beyond it is shown the newest screen when it reads again. */
const backlogMax = 1024 * 1024;

/**
 * One client that looks at one session. It gets the present screen first and then every byte; when it falls behind it
 * gets a new screen instead of what it missed. It never holds anything up.
 */
export class Viewer {
  readonly connection: Connection;
  readonly channel: number;
  readonly #emulator: Emulator;
  /** Bytes that came while a snapshot is being taken: they follow it. */
  #waiting: Uint8Array[] | null = null;
  #waitingBytes = 0;
  #isBehind = false;
  #isGone = false;

  constructor(connection: Connection, channel: number, emulator: Emulator) {
    this.connection = connection;
    this.channel = channel;
    this.#emulator = emulator;
    this.#sendSnapshot();
  }

  /** Bytes that the session wrote; the emulator has been given them too, or will be in the same order. */
  output(bytes: Uint8Array): void {
    if (this.#isGone || this.#isBehind) return;
    if (this.#waiting) {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes > backlogMax) this.#fallBehind();
    } else if (this.connection.backlogBytes > backlogMax) this.#fallBehind();
    else this.connection.sendBytes(frameKind.output, this.channel, bytes);
  }

  /** The connection has taken what was waiting. */
  drained(): void {
    if (!this.#isBehind || this.#isGone) return;
    this.#isBehind = false;
    this.#sendSnapshot();
  }

  resized(cols: number, rows: number): void {
    this.connection.send({ type: 'resized', channel: this.channel, cols, rows });
  }

  ended(): void {
    this.connection.send({ type: 'ended', channel: this.channel });
  }

  leave(): void {
    this.#isGone = true;
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#waiting = null;
    this.#waitingBytes = 0;
    // Nothing waits to be written, so no drain will come: there is room at once.
    if (this.connection.backlogBytes === 0) setImmediate(() => this.drained());
  }

  /** An empty write marks this point of the stream: its callback comes when all before it, and nothing after, is parsed. */
  #sendSnapshot(): void {
    const waiting: Uint8Array[] = [];
    this.#waiting = waiting;
    this.#waitingBytes = 0;
    this.#emulator.write('', () => {
      if (this.#isGone || this.#waiting !== waiting) return;
      this.#waiting = null;
      const screen = Buffer.from(snapshot(this.#emulator));
      this.connection.sendBytes(frameKind.snapshot, this.channel, screen);
      for (const bytes of waiting) this.output(bytes);
    });
  }
}
