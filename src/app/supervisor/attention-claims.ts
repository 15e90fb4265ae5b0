import type { Clock } from '../../ports/clock.ts';

/** Two dashboards come to tell of the same within this time, in ms; later it happened again. */
const sameMs = 15_000;

/** Who waits for a person, as long as several dashboards may tell of it: the first one does, no other. */
export class AttentionClaims {
  readonly #clock: Clock;
  readonly #claimedAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those of `keys` that nobody has claimed. */
  claim(keys: readonly string[]): string[] {
    const now = this.#clock();
    for (const [key, at] of this.#claimedAt) if (now - at >= sameMs) this.#claimedAt.delete(key);
    const free = [...new Set(keys)].filter((key) => !this.#claimedAt.has(key));
    for (const key of free) this.#claimedAt.set(key, now);
    return free;
  }
}
