import type { Connection } from '../../daemon/connection.ts';
import { frameKind } from '../../protocol/frames.ts';
import type { Emulator } from '../screen/emulator.ts';
import { snapshot } from '../screen/snapshot.ts';

/** Bytes that may wait for a viewer that does not read; beyond it is shown the newest screen when it reads again. */
const backlogMax = 1024 * 1024;

type Item = Uint8Array | { cols: number; rows: number } | 'ended';

/**
 * One client that looks at one session. It gets the present screen first and then every byte; when it falls behind it
 * gets a new screen instead of what it missed. Sizes and the end come at their place among the bytes. It never holds
 * anything up.
 */
export class Viewer {
  readonly connection: Connection;
  readonly channel: number;
  readonly #emulator: Emulator;
  /** What came while a snapshot is being taken: it follows it. */
  #waiting: Item[] | null = null;
  #waitingBytes = 0;
  #isBehind = false;
  #isEnded = false;
  #isGone = false;

  constructor(connection: Connection, channel: number, emulator: Emulator) {
    this.connection = connection;
    this.channel = channel;
    this.#emulator = emulator;
    this.#sendSnapshot();
  }

  /** Bytes that the session wrote; the emulator has been given the same, in the same order. */
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
    // One that is behind hears the size with its next screen.
    if (this.#isGone || this.#isBehind) return;
    if (this.#waiting) this.#waiting.push({ cols, rows });
    else this.#sendSize(cols, rows);
  }

  ended(): void {
    this.#isEnded = true;
    if (this.#isGone || this.#isBehind) return;
    if (this.#waiting) this.#waiting.push('ended');
    else this.connection.send({ type: 'ended', channel: this.channel });
  }

  leave(): void {
    this.#isGone = true;
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
      this.#sendSize(this.#emulator.cols, this.#emulator.rows);
      const screen = Buffer.concat([Buffer.from(snapshot(this.#emulator)), unfinished]);
      this.connection.sendBytes(frameKind.snapshot, this.channel, screen);
      for (const item of waiting) {
        if (item === 'ended') this.ended();
        else if (item instanceof Uint8Array) this.output(item);
        else this.resized(item.cols, item.rows);
      }
    });
  }
}
