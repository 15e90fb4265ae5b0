import type { Socket } from 'node:net';
import { type Disposable, DisposableStack, disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { MessageLink } from '../ports/message-link.ts';
import { encodeFrame, type Frame, FrameDecoder, frameKind } from '../protocol/frames.ts';

/** How long a peer gets to take what was sent last before its socket is closed for good, in ms. */
const lingerMs = 2_000;

/** Bytes that may wait for a peer that does not read; beyond it the peer is cut off. Several of the largest frames fit. */
const backlogBytesMax = 64 * 1024 * 1024;

/** Bytes that may come before anybody listens; beyond it the peer is not read on. */
const earlyBytesMax = 1024 * 1024;

export interface ConnectionOptions {
  /** Largest payload that is accepted until `trust()`, in bytes. */
  untrustedPayloadMax?: number;
}

/**
 * One end of a socket that carries JSON messages and bytes on channels, in order. A peer that sends what is no frame is cut
 * off, and so is one that never reads; whatever happens to the socket, nothing throws later.
 */
export class Connection implements MessageLink {
  readonly #socket: Socket;
  readonly #decoder: FrameDecoder;
  readonly #messages = new Emitter<unknown>();
  readonly #bytes = new Emitter<Frame>();
  readonly #drains = new Emitter<void>();
  readonly #closes = new Emitter<void>();
  /** Frames that came while nobody listened to messages: kept for the next listener, in order. */
  #early: Frame[] = [];
  #earlyBytes = 0;
  #pauses = 0;
  #earlyPause: Disposable | null = null;
  #isClosed = false;

  constructor(socket: Socket, { untrustedPayloadMax }: ConnectionOptions = {}) {
    this.#socket = socket;
    this.#decoder = new FrameDecoder(untrustedPayloadMax);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#drains.emit());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#close());
  }

  /** Bytes that wait to be written, because the peer does not read. */
  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  /** A drain will come, since more waits than the socket likes. */
  get needsDrain(): boolean {
    return this.#socket.writableNeedDrain;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The peer has proved itself: from now on it may send frames of any size that the protocol allows. */
  trust(): void {
    this.#decoder.acceptAll();
  }

  send(message: unknown): void {
    this.sendBytes(frameKind.json, 0, Buffer.from(JSON.stringify(message)));
  }

  /** Throws for a payload larger than a frame may be. */
  sendBytes(kind: number, channel: number, payload: Uint8Array): void {
    if (this.#isClosed) return;
    const frame = encodeFrame(kind, channel, payload);
    if (this.backlogBytes + frame.length > backlogBytesMax) this.destroy();
    else {
      if (this.#socket.writableCorked === 0) {
        this.#socket.cork();
        process.nextTick(() => this.#socket.uncork());
      }
      this.#socket.write(frame);
    }
  }

  /** Frames that came while there was no listener are told to this one first, in order. */
  onMessage(listener: (message: unknown) => void): Disposable {
    const held = this.#messages.on(listener);
    queueMicrotask(() => this.#tellEarly());
    return held;
  }

  onBytes(listener: (frame: Frame) => void): Disposable {
    return this.#bytes.on(listener);
  }

  onDrain(listener: () => void): Disposable {
    return this.#drains.on(listener);
  }

  onClose(listener: () => void): Disposable {
    if (this.#isClosed) queueMicrotask(listener);
    return this.#closes.on(listener);
  }

  /** Reads nothing more until all pauses are disposed: the peer is then held up by the socket. */
  pause(): Disposable {
    this.#pauses += 1;
    this.#socket.pause();
    return disposable(() => {
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#socket.resume();
    });
  }

  dispose(): void {
    const socket = this.#socket;
    // What was sent is still delivered, and what still comes is thrown away; but nobody waits long for a silent peer.
    socket.end();
    socket.resume();
    socket.unref();
    const linger = setTimeout(() => socket.destroy(), lingerMs).unref();
    socket.once('close', () => clearTimeout(linger));
    this.#close();
  }

  /** Ends it at once: the peer does not keep to the protocol. What was sent in this turn is lost. */
  destroy(): void {
    this.#socket.destroy();
    this.#close();
  }

  #receive(chunk: Buffer): void {
    if (this.#isClosed) return;
    let frames: Frame[];
    try {
      frames = this.#decoder.push(chunk);
    } catch {
      this.destroy();
      return;
    }
    for (const frame of frames) {
      this.#early.push(frame);
      this.#earlyBytes += frame.payload.length;
    }
    this.#tellEarly();
    if (this.#earlyBytes > earlyBytesMax) this.#earlyPause ??= this.pause();
  }

  #tellEarly(): void {
    while (!this.#isClosed && this.#messages.size > 0) {
      const frame = this.#early.shift();
      if (!frame) break;
      this.#earlyBytes -= frame.payload.length;
      this.#tell(frame);
    }
    if (this.#earlyBytes > earlyBytesMax) return;
    this.#earlyPause?.dispose();
    this.#earlyPause = null;
  }

  #tell(frame: Frame): void {
    if (frame.kind !== frameKind.json) {
      this.#bytes.emit(frame);
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(Buffer.from(frame.payload).toString('utf8'));
    } catch {
      this.destroy();
      return;
    }
    this.#messages.emit(message);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#closes.emit();
  }
}

/** The next JSON message, or null when the peer is silent for `withinMs` or leaves. Further ones wait for a listener. */
export function nextMessage(connection: Connection, withinMs: number): Promise<unknown | null> {
  return new Promise((resolve) => {
    const held = new DisposableStack();
    const settle = (message: unknown | null) => {
      held.dispose();
      resolve(message);
    };
    const timer = setTimeout(() => settle(null), withinMs);
    held.defer(() => clearTimeout(timer));
    held.use(connection.onClose(() => settle(null)));
    held.use(connection.onMessage(settle));
  });
}
