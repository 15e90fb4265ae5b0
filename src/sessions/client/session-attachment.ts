import { type Disposable, disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { CellBuffer } from '../../domain/cells.ts';
import { noCursor, type Still, stillModes } from '../../domain/screen-state.ts';
import type { Screen, ScrollbackScreen } from '../../ports/screen.ts';
import type { Attachment } from '../../ports/session-host.ts';
import { frameKind } from '../../protocol/frames.ts';
import { decodeStill } from '../../protocol/still.ts';
import { StillScreen } from '../screen/still-screen.ts';
import type { LateScreens } from './late-screens.ts';

export interface AttachmentHands {
  input(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  leave(): void;
  /** Reads nothing more from the host until it is disposed. */
  pause(): Disposable;
}

/** Nothing more is read from the host while more than this waits to be drawn, in bytes; on again below the second. */
const unparsedHigh = 2 * 1024 * 1024;
const unparsedLow = 256 * 1024;

/** Largest frame of input, in bytes: a paste is sent in several. */
const inputFrameMax = 64 * 1024;

const empty = new Uint8Array(0);

interface Size {
  cols: number;
  rows: number;
}

/** Size until the host has told the session's. */
const unknownSize: Size = { cols: 80, rows: 24 };

/**
 * A session as one client sees it: an emulator that follows the host's, byte for byte. Until something follows the first
 * snapshot it is a still of it: the emulators of fifty sessions take longer to make than all else that shows them.
 */
export class SessionAttachment implements Attachment {
  readonly session: string;
  /** The present screen has been drawn. */
  readonly ready: Promise<void>;
  readonly #screens: LateScreens;
  readonly #hands: AttachmentHands;
  readonly #changes = new Emitter<void>();
  readonly #ends = new Emitter<void>();
  readonly #scrolls = new Emitter<1 | null>();
  readonly #copies = new Emitter<string>();
  /** While somebody listens to `#scrolls`. */
  #counting: Disposable | null = null;
  /** What is shown: the emulator, and until that has drawn its snapshot a still or the emulator before it. */
  #screen: Screen | null = null;
  #emulator: ScrollbackScreen | null = null;
  /** Of the snapshot that comes next. */
  #still: StillScreen | null = null;
  /** What the still shows: the emulator begins with it. */
  #snapshot: Uint8Array | null = null;
  /** What came while the program of the emulators is being loaded. */
  #waiting: (() => unknown)[] | null = null;
  #setReady: () => void = () => {};
  #isEnded = false;
  #isTelling = false;
  #isDisposed = false;
  /** That of the stream at the bytes that were taken last, which may not be drawn yet. */
  #size: Size = unknownSize;
  /** What the host said last, and what it was asked for and has not said yet. */
  #told: Size = unknownSize;
  #asked: Size | null = null;
  #unparsed = 0;
  #pause: Disposable | null = null;

  constructor(session: string, screens: LateScreens, hands: AttachmentHands) {
    this.session = session;
    this.#screens = screens;
    this.#hands = hands;
    this.ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
  }

  get screen(): Screen {
    this.#screen ??= new StillScreen(blank(this.#size));
    return this.#screen;
  }

  receive(kind: number, payload: Uint8Array): void {
    if (kind === frameKind.still) {
      const still = decodeStill(payload);
      this.#still = still && new StillScreen(still);
    } else if (kind === frameKind.snapshot) this.#inTurn(() => this.#begin(payload), this.#still !== null);
    else if (kind === frameKind.output) this.#inTurn(() => this.#write(payload));
  }

  /** At this place among the bytes. A snapshot that follows was drawn for this size. */
  resized(cols: number, rows: number): void {
    this.#told = { cols, rows };
    if (this.#asked !== null && sameSize(this.#asked, this.#told)) this.#asked = null;
    const isFirst = this.#emulator === null && this.#snapshot === null;
    this.#inTurn(() => {
      if (sameSize({ cols, rows }, this.#size)) return;
      if (this.#snapshot !== null) this.#follow();
      this.#size = { cols, rows };
      const emulator = this.#emulator;
      // After what came before it in the stream.
      if (emulator) this.#write(empty, () => emulator.resize(cols, rows));
    }, isFirst);
  }

  /** The program ended: told when what it wrote last has been drawn. */
  ended(): void {
    this.#inTurn(() => {
      if (this.#emulator) this.#write(empty, () => this.lost());
      else this.lost();
    }, true);
  }

  /** Nothing more will come. */
  lost(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#setReady();
    this.#ends.emit();
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  onScroll(listener: (lines: 1 | null) => void): Disposable {
    const held = this.#scrolls.on(listener);
    if (this.#counting === null) this.#count();
    return disposable(() => {
      held.dispose();
      if (this.#scrolls.size > 0) return;
      this.#counting?.dispose();
      this.#counting = null;
    });
  }

  onCopy(listener: (text: string) => void): Disposable {
    return this.#copies.on(listener);
  }

  onEnd(listener: () => void): Disposable {
    if (this.#isEnded) queueMicrotask(listener);
    return this.#ends.on(listener);
  }

  send(data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    for (let at = 0; at < bytes.length && !this.#isEnded; at += inputFrameMax) {
      this.#hands.input(bytes.subarray(at, at + inputFrameMax));
    }
    // The echo comes next, and is not to wait for an emulator.
    if (this.#snapshot !== null) setImmediate(() => this.#followSoon());
  }

  resize(cols: number, rows: number): void {
    const wanted = { cols, rows };
    // Not what is shown: the answer to the last request may still be on its way, and another one behind it.
    const isSame = sameSize(wanted, this.#told) && sameSize(wanted, this.#asked ?? wanted);
    if (isSame || this.#isEnded) return;
    this.#asked = wanted;
    this.#hands.resize(cols, rows);
  }

  #leaving = disposable(() => {
    this.#hands.leave();
    this.#emulator?.dispose();
  });

  dispose(): void {
    this.#isEnded = true;
    this.#isDisposed = true;
    this.#readOn();
    this.#leaving.dispose();
  }

  /** In order. What needs the emulator waits until its program is loaded, and so does what comes behind. */
  #inTurn(step: () => unknown, isWithout = false): void {
    if (this.#waiting === null && (isWithout || this.#screens.factory !== null)) {
      step();
      return;
    }
    this.#waiting?.push(step);
    if (this.#waiting !== null) return;
    const waiting = [step];
    this.#waiting = waiting;
    this.#screens.load().then(
      () => {
        this.#waiting = null;
        if (!this.#isDisposed) for (const each of waiting) each();
      },
      () => {
        this.#leaving.dispose();
        this.lost();
      },
    );
  }

  #begin(snapshot: Uint8Array): void {
    // A new emulator rather than a reset: nothing of the old one can be left. What that showed is shown until the new one has drawn.
    this.#emulator?.dispose();
    this.#emulator = null;
    this.#counting = null;
    this.#unparsed = 0;
    this.#readOn();
    this.#scrolls.emit(null);
    this.#snapshot = snapshot;
    if (this.#still === null) this.#follow();
    else {
      this.#screen = this.#still;
      this.#still = null;
      this.#setReady();
      this.#changed();
    }
  }

  /** Goes on from the snapshot. */
  #follow(): void {
    const snapshot = this.#snapshot ?? empty;
    this.#snapshot = null;
    const emulator = this.#create();
    this.#write(snapshot, () => {
      this.#screen = emulator;
      this.#setReady();
    });
  }

  #followSoon(): void {
    if (!this.#isDisposed) this.#inTurn(() => this.#snapshot !== null && this.#follow());
  }

  #create(): ScrollbackScreen {
    if (this.#screens.factory === null) throw new Error('An emulator was needed before its program was loaded.');
    const emulator = this.#screens.factory.create(this.#size.cols, this.#size.rows);
    emulator.onCopy((text) => this.#copies.emit(text));
    this.#emulator = emulator;
    if (this.#scrolls.size > 0) this.#count();
    return emulator;
  }

  /** What waits to be drawn is bounded: above the bound nothing more is read from the host, which then sends screens instead. */
  #write(bytes: Uint8Array, then?: () => void): void {
    if (this.#snapshot !== null) this.#follow();
    const emulator = this.#emulator ?? this.#create();
    this.#unparsed += bytes.length;
    if (this.#unparsed > unparsedHigh) this.#pause ??= this.#hands.pause();
    emulator.write(bytes, () => {
      if (emulator !== this.#emulator || this.#isDisposed) return;
      this.#unparsed -= bytes.length;
      if (this.#unparsed < unparsedLow) this.#readOn();
      then?.();
      this.#changed();
    });
  }

  #count(): void {
    this.#counting?.dispose();
    this.#counting = this.#emulator?.onScroll(() => this.#scrolls.emit(1)) ?? null;
  }

  #readOn(): void {
    this.#pause?.dispose();
    this.#pause = null;
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

function sameSize(a: Size, b: Size): boolean {
  return a.cols === b.cols && a.rows === b.rows;
}

function blank({ cols, rows }: Size): Still {
  return { cells: new CellBuffer(cols, rows), cursor: noCursor, modes: stillModes };
}
