import { readSync } from 'node:fs';
import { type IPty, spawn } from 'node-pty';
import { ForgeError } from '../../base/errors.ts';
import type { SessionSpec } from '../../domain/session.ts';
import { startTimeOf } from '../../processes/end-tree.ts';
import { FloodReader } from './flood-reader.ts';
import { Keeper } from './keeper.ts';
import type { ProgramEnd, ProgramTerminal } from './program-terminal.ts';

/** node-pty, beside its public interface: the descriptor of the pty, and the stream that owns it. */
interface Internals {
  fd: number;
  _socket: {
    destroyed: boolean;
    destroy(failure?: Error): unknown;
    _handle: { readStart(): void; readStop(): void; setBlocking(isBlocking: boolean): void } | null;
  };
}

/** The stream reads once an event, and a pty gives at most 4,095 bytes a read: when it gives nearly that, more waits. */
const fullReadBytes = 4_000;
/**
 * How much more is taken in one turn of the event loop, in bytes, of all terminals together: what one pty can hold, and not that
 * of fifty, for which a key would have to wait.
 */
const moreBytesMax = 64 * 1024;
const more = Buffer.allocUnsafeSlow(moreBytesMax);
let moreLeft = moreBytesMax;

/** A pty that this host made, and the keeper that holds it open should the host die. */
export class PtyTerminal implements ProgramTerminal {
  readonly keeper: Keeper;
  readonly startTime: string | null;
  readonly #pty: IPty;
  readonly #inside: Internals;
  #listener: (bytes: Buffer) => void = () => {};
  readonly #flood: FloodReader;
  #isPaused = false;
  #hasLeft = false;

  /** Starts the program. Throws `spawn.failed`. `floodWorker` is the program of a thread, `flood-worker.ts`. */
  constructor(spec: SessionSpec, keeperFolder: string, floodWorker: URL) {
    const [program = '', ...args] = spec.command;
    try {
      this.#pty = spawn(program, args, {
        name: 'xterm-256color',
        cols: spec.cols,
        rows: spec.rows,
        cwd: spec.cwd,
        env: { ...spec.env, TERM: 'xterm-256color', COLORTERM: 'truecolor' },
        encoding: null,
      });
    } catch (failure) {
      throw new ForgeError('spawn.failed', `${program} could not be started: ${(failure as Error).message}`);
    }
    this.#inside = this.#pty as unknown as Internals;
    this.#readRestBeforeItIsClosed();
    this.#flood = new FloodReader(floodWorker, {
      fd: () => this.fd,
      tell: (bytes) => this.#listener(bytes),
      changed: () => this.#readOrNot(),
    });
    this.keeper = new Keeper(this.#inside.fd, keeperFolder);
    this.startTime = startTimeOf(this.#pty.pid);
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get fd(): number {
    return this.#inside.fd;
  }

  /** The descriptor is closed with this stream; between this look and a write nothing else can run. */
  get isClosed(): boolean {
    return this.#inside._socket.destroyed;
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.#listener = listener;
    this.#pty.onData((data) => {
      const bytes = this.#withMore(data as unknown as Buffer);
      listener(bytes);
      this.#flood.count(bytes.length);
    });
  }

  /** A flood comes in one piece instead of a dozen, each of which would cost a turn of the loop and all who look at it. */
  #withMore(first: Buffer): Buffer {
    const length = first.length >= fullReadBytes ? this.#readMore(moreLeft) : 0;
    if (length === 0) return first;
    if (moreLeft === moreBytesMax) setImmediate(() => (moreLeft = moreBytesMax));
    moreLeft -= length;
    return Buffer.concat([first, more.subarray(0, length)]);
  }

  /** Into `more`; how many bytes. */
  #readMore(lengthMax: number): number {
    let length = 0;
    try {
      while (length < lengthMax && !this.isClosed) {
        const read = readSync(this.fd, more, length, lengthMax - length, null);
        if (read === 0) break;
        length += read;
      }
    } catch {
      // Nothing more waits; or the terminal is gone, which the stream will find out too.
    }
    return length;
  }

  /** node-pty closes the terminal a fifth of a second after its program has gone, also when it is paused. */
  #readRestBeforeItIsClosed(): void {
    const { _socket: socket } = this.#inside;
    const close = socket.destroy;
    socket.destroy = (failure) => {
      this.#flood.stop();
      const length = this.#hasLeft ? 0 : this.#readMore(moreBytesMax);
      if (length > 0) this.#listener(Buffer.from(more.subarray(0, length)));
      return close.call(socket, failure);
    };
  }

  onExit(listener: (end: ProgramEnd) => void): void {
    this.#pty.onExit(({ exitCode, signal = 0 }) => {
      if (this.#hasLeft) return;
      // It has the terminal open too: whatever the program left there hears of the end when the last holder goes.
      this.keeper.end();
      listener({ exitCode: signal > 0 ? null : exitCode, signal: signal || null });
    });
  }

  resize(cols: number, rows: number): void {
    this.#pty.resize(cols, rows);
  }

  pause(): void {
    this.#isPaused = true;
    this.#flood.pause();
    this.#readOrNot();
  }

  resume(): void {
    if (this.#hasLeft) return;
    this.#isPaused = false;
    this.#flood.resume();
    this.#readOrNot();
  }

  leave(): void {
    this.#hasLeft = true;
    this.#flood.stop();
    this.#readOrNot();
    // The next host reads through programs that cannot wait on a descriptor that does not block.
    this.#inside._socket._handle?.setBlocking(true);
  }

  /** Of the handle: the stream would read another piece, and keep it. */
  #readOrNot(): void {
    const handle = this.#inside._socket._handle;
    if (this.#isPaused || this.#hasLeft || this.#flood.isReading) handle?.readStop();
    else handle?.readStart();
  }
}
