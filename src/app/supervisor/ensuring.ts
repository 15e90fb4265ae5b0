import type { Disposable } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import { faultPoint } from '../../base/fault-point.ts';

/** What could not be made true is tried again after this long, in ms, and each time after twice as long up to the most. */
const againMs = 2_000;
const againMsMax = 5 * 60_000;

/** Something that a run needs: `what` is the same for the same thing, and `act` makes it true, safe to repeat. */
export interface Needed {
  what: string;
  act: () => Promise<void>;
}

/** Makes true what runs need: each thing once at a time, and again when it failed. */
export class Ensuring implements Disposable {
  readonly #neededBy: (run: string) => Needed | null;
  readonly #log: (line: string) => void;
  /** What is being made true for a run at this moment. */
  readonly #inFlight = new Map<string, { what: string; done: Promise<void> }>();
  /** How often in a row it could not be. */
  readonly #failures = new Map<string, number>();
  #isDisposed = false;

  /** `neededBy` is asked each time anew: what a run needs follows from its state. */
  constructor(neededBy: (run: string) => Needed | null, log: (line: string) => void) {
    this.#neededBy = neededBy;
    this.#log = log;
  }

  ensure(run: string): void {
    const needed = this.#isDisposed ? null : this.#neededBy(run);
    if (!needed || this.#inFlight.get(run)?.what === needed.what) return;
    const { what, act } = needed;
    faultPoint(`ensure ${what.split(' ')[0]} before`);
    const done = act()
      .then(() => {
        faultPoint(`ensure ${what.split(' ')[0]} after`);
        this.#failures.delete(run);
      })
      .catch((failure: unknown) => {
        this.#log(`${run}: ${what}: ${asForgeError(failure).message}`);
        this.#tryAgain(run);
      })
      .finally(() => {
        if (this.#inFlight.get(run)?.done === done) this.#inFlight.delete(run);
      });
    this.#inFlight.set(run, { what, done });
  }

  /** Also when that has just been begun, and has passed what is to be done. */
  ensureAgain(run: string): void {
    const running = this.#inFlight.get(run);
    if (running) void running.done.then(() => this.ensure(run));
    else this.ensure(run);
  }

  /** When what is being made true for the run is, or has failed; undefined: nothing is. */
  settled(run: string): Promise<void> | undefined {
    return this.#inFlight.get(run)?.done;
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  /** A git that was killed, a full disk, a host that is away: the state says still what must be true. */
  #tryAgain(run: string): void {
    const failures = (this.#failures.get(run) ?? 0) + 1;
    this.#failures.set(run, failures);
    const waitMs = Math.min(againMsMax, againMs * 2 ** (failures - 1));
    setTimeout(() => this.ensure(run), waitMs).unref();
  }
}
