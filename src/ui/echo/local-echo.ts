import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { pause } from '../../base/pause.ts';
import type { Attachment } from '../../ports/session-host.ts';
import { PredictedScreen } from './predicted-screen.ts';
import { type DrawLetter, Predictions } from './predictions.ts';

/**
 * For so long, in ms, this process does nothing once it has written a letter to the terminal: the kernel then lets the terminal draw it
 * instead of when all is done that follows, which on a busy machine is behind everybody else.
 */
const yieldMs = 0.02;

/** An attachment whose screen shows a letter when it is typed, where the program will most likely echo it. */
export class LocalEcho implements Attachment {
  readonly session: string;
  readonly screen: PredictedScreen;
  readonly #real: Attachment;
  readonly #predictions: Predictions;
  readonly #changes = new Emitter<void>();
  readonly #held = new DisposableStack();
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(real: Attachment) {
    this.#real = real;
    this.session = real.session;
    this.#predictions = new Predictions(() => real.screen);
    this.screen = new PredictedScreen(() => real.screen, this.#predictions);
    this.#held.use(real);
    this.#held.use(
      real.onChange(() => {
        this.#over(() => this.#predictions.follow());
        this.#changes.emit();
      }),
    );
    this.#held.use(real.onEnd(() => this.#end()));
    this.#held.defer(() => clearTimeout(this.#timer));
  }

  /** `draw` is asked for a letter that is foreseen before anything else is done. */
  send(data: Uint8Array | string, draw: DrawLetter = () => false): void {
    if (this.#isOver) {
      this.#real.send(data);
      return;
    }
    let isDrawn = false;
    const isOther = this.#over(() => {
      const isForeseen = this.#predictions.typed(data, performance.now());
      // Before the row is marked: as long as nothing is new on the screen, the terminal has all of it.
      const letter = isForeseen ? this.#predictions.letter : null;
      isDrawn = letter !== null && draw(letter);
      return isForeseen;
    });
    // What is foreseen is on the terminal first; the program gets the key some 0.1 ms later.
    if (isOther && !isDrawn) this.#changes.emit();
    if (isOther) pause(yieldMs);
    this.#arm();
    this.#real.send(data);
    if (isDrawn) this.#changes.emit();
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  onScroll(listener: (lines: 1 | null) => void): Disposable {
    return this.#real.onScroll(listener);
  }

  onCopy(listener: (text: string) => void): Disposable {
    return this.#real.onCopy(listener);
  }

  onEnd(listener: () => void): Disposable {
    return this.#real.onEnd(listener);
  }

  resize(cols: number, rows: number): void {
    this.#real.resize(cols, rows);
  }

  dispose(): void {
    this.#isOver = true;
    this.#held.dispose();
  }

  /** What is typed from now on reaches nobody. */
  #end(): void {
    this.#isOver = true;
    if (this.#over(() => this.#predictions.forget())) this.#changes.emit();
  }

  /** Marks the row where something else is shown after `step`. */
  #over(step: () => boolean): boolean {
    const before = this.#predictions.cursor;
    const isOther = step();
    const y = (before ?? this.#predictions.cursor)?.y;
    if (isOther && y !== undefined) this.screen.changed(y);
    return isOther;
  }

  /** One timer while anything is foreseen, not one for each key. */
  #arm(): void {
    const { dueAt } = this.#predictions;
    if (dueAt === null || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#over(() => this.#predictions.expire(performance.now()))) this.#changes.emit();
        this.#arm();
      },
      Math.max(1, dueAt - performance.now()),
    );
  }
}
