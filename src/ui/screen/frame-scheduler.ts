import type { Disposable } from '../../base/disposable.ts';

/** One screen refresh: what changes within it is painted together. */
export const frameMs = 16;
/** A program's answer to a key often comes as two chunks: the second waits this long for a third, not a whole frame. */
export const echoMs = 2;

export interface FrameSchedulerOptions {
  /** Paints everything that changed. */
  paint(): void;
  /** The terminal has taken the last frame. When false, the frame is dropped; `resume` paints the newest state. */
  canPaint(): boolean;
  now(): number;
}

/** Decides when to paint: an answer to a key at once, the rest once a frame, nothing while the terminal is behind. */
export class FrameScheduler implements Disposable {
  readonly #options: FrameSchedulerOptions;
  #timer: { handle: NodeJS.Timeout; dueAt: number } | null = null;
  #paintedAt = Number.NEGATIVE_INFINITY;
  #isDirty = false;
  #isDisposed = false;

  constructor(options: FrameSchedulerOptions) {
    this.#options = options;
  }

  /** Paints now, or `echoMs` after the last paint if that is later. */
  requestNow(): void {
    this.#request(echoMs);
  }

  /** The answer to what was typed at `typedAt`: the first is painted at once, whatever was painted before. */
  requestEcho(typedAt: number): void {
    this.#request(typedAt > this.#paintedAt ? 0 : echoMs);
  }

  /** Paints within a frame. */
  requestFrame(): void {
    this.#request(frameMs);
  }

  requestAfter(ms: number): void {
    this.#schedule(this.#options.now() + ms);
  }

  /** The terminal is ready again. */
  resume(): void {
    if (this.#isDirty) this.#request(0);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancel();
  }

  #request(spacingMs: number): void {
    const now = this.#options.now();
    const dueAt = this.#paintedAt + spacingMs;
    if (dueAt <= now) this.#paint();
    else this.#schedule(dueAt);
  }

  #schedule(dueAt: number): void {
    if (this.#isDisposed || (this.#timer !== null && this.#timer.dueAt <= dueAt)) return;
    this.#cancel();
    const handle = setTimeout(() => this.#paint(), Math.max(0, dueAt - this.#options.now()));
    this.#timer = { handle, dueAt };
  }

  #paint(): void {
    this.#cancel();
    if (this.#isDisposed) return;
    this.#isDirty = !this.#options.canPaint();
    if (this.#isDirty) return;
    this.#paintedAt = this.#options.now();
    this.#options.paint();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    this.#timer = null;
  }
}
