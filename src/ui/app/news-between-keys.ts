import type { ProjectView } from '../../app/views/project-view.ts';
import type { Disposable } from '../../base/disposable.ts';

/** A key's answer comes within this time, in ms, or it is not waited for. */
const answerMs = 100;

/** Longest that news waits for somebody who types without a pause, in ms. */
const patienceMs = 1_000;

/**
 * Holds news back while an answer to a key is awaited: drawing the chrome takes some 10 ms, in which no letter can be shown.
 */
export class NewsBetweenKeys implements Disposable {
  readonly #tell: (slices: Partial<ProjectView>) => void;
  readonly #typedAt: () => number;
  readonly #now: () => number;
  #held: Partial<ProjectView> | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** `typedAt` and `now` give ms. */
  constructor(
    tell: (slices: Partial<ProjectView>) => void,
    typedAt: () => number,
    now: () => number = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#typedAt = typedAt;
    this.#now = now;
  }

  add(slices: Partial<ProjectView>): void {
    this.#held = { ...this.#held, ...slices };
    if (this.#timer === null) this.#tellBy(this.#now() + patienceMs);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#held = null;
  }

  #tellBy(deadline: number): void {
    this.#timer = null;
    const waitMs = Math.min(this.#typedAt() + answerMs, deadline) - this.#now();
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#tellBy(deadline), waitMs);
      return;
    }
    const held = this.#held;
    this.#held = null;
    if (held) this.#tell(held);
  }
}
