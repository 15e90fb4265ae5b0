import { type Disposable, disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Screen, ScreenFactory } from '../../ports/screen.ts';
import type { Attachment } from '../../ports/session-host.ts';
import { frameKind } from '../../protocol/frames.ts';

export interface AttachmentHands {
  input(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  leave(): void;
}

/** Size until the host has told the session's. */
const unknownSize = { cols: 80, rows: 24 };

/** A session as one client sees it: an emulator that follows the host's, byte for byte. */
export class SessionAttachment implements Attachment {
  readonly session: string;
  /** The present screen has been drawn. */
  readonly ready: Promise<void>;
  readonly #screens: ScreenFactory;
  readonly #hands: AttachmentHands;
  readonly #changes = new Emitter<void>();
  readonly #ends = new Emitter<void>();
  #screen: Screen;
  #setReady: () => void = () => {};
  #isEnded = false;
  #isTelling = false;

  constructor(session: string, screens: ScreenFactory, hands: AttachmentHands) {
    this.session = session;
    this.#screens = screens;
    this.#hands = hands;
    this.#screen = screens.create(unknownSize.cols, unknownSize.rows);
    this.ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
  }

  get screen(): Screen {
    return this.#screen;
  }

  /** The session's size, which the snapshot that follows was drawn for. */
  start(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
  }

  receive(kind: number, payload: Uint8Array): void {
    if (kind === frameKind.snapshot) {
      const { cols, rows } = this.#screen;
      // A new emulator rather than a reset: nothing of the old one can be left.
      this.#screen.dispose();
      this.#screen = this.#screens.create(cols, rows);
      this.#screen.write(payload, () => {
        this.#setReady();
        this.#changed();
      });
    } else if (kind === frameKind.output) this.#screen.write(payload, () => this.#changed());
  }

  resized(cols: number, rows: number): void {
    // After what came before it in the stream.
    this.#screen.write('', () => {
      this.#screen.resize(cols, rows);
      this.#changed();
    });
  }

  ended(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#setReady();
    this.#ends.emit();
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  onEnd(listener: () => void): Disposable {
    if (this.#isEnded) queueMicrotask(listener);
    return this.#ends.on(listener);
  }

  send(data: Uint8Array | string): void {
    if (!this.#isEnded) this.#hands.input(typeof data === 'string' ? Buffer.from(data) : data);
  }

  resize(cols: number, rows: number): void {
    if (!this.#isEnded) this.#hands.resize(cols, rows);
  }

  #leaving = disposable(() => {
    this.#hands.leave();
    this.#screen.dispose();
  });

  dispose(): void {
    this.#isEnded = true;
    this.#leaving.dispose();
  }

  #changed(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#changes.emit();
    });
  }
}
