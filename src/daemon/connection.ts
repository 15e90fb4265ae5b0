import type { Socket } from 'node:net';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { MessageLink } from '../ports/message-link.ts';
import { encodeFrame, type Frame, FrameDecoder, frameKind } from '../protocol/frames.ts';

/**
 * One end of a socket that carries JSON messages and bytes on channels, in order. A peer that sends what is no frame is cut
 * off; whatever happens to the socket, nothing throws later.
 */
export class Connection implements MessageLink {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #messages = new Emitter<unknown>();
  readonly #bytes = new Emitter<Frame>();
  readonly #drains = new Emitter<void>();
  readonly #closes = new Emitter<void>();
  readonly #held = new DisposableStack();
  /** Frames that came before anybody listened. */
  #early: Frame[] | null = [];
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
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

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(message: unknown): void {
    this.sendBytes(frameKind.json, 0, Buffer.from(JSON.stringify(message)));
  }

  sendBytes(kind: number, channel: number, payload: Uint8Array): void {
    if (!this.#isClosed) this.#socket.write(encodeFrame(kind, channel, payload));
  }

  /** The frames that came so far are told to the first listener, in order. */
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

  dispose(): void {
    this.#held.dispose();
    // What was sent is still delivered; a peer that never reads is cut off by the process's end or its own close.
    this.#socket.end();
    this.#socket.unref();
    this.#close();
  }

  /** Ends it at once: the peer does not keep to the protocol. */
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
    if (this.#early) this.#early.push(...frames);
    else for (const frame of frames) this.#tell(frame);
  }

  #tellEarly(): void {
    const early = this.#early;
    this.#early = null;
    for (const frame of early ?? []) this.#tell(frame);
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
