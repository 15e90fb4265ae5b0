import type { Disposable } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import { nothingInSight, type RadarView, you } from '../../domain/overlap.ts';
import type { Worktree } from '../../ports/git.ts';
import type { OperationContext } from '../context.ts';
import { goalOf, liveWorks, mainCheckout } from '../operations/run/radar.ts';
import { Radar } from '../radar.ts';

/** What changed is gathered this long before it is looked at, in ms, and for three times as long as the last look took. */
const gatherMs = 1_000;
const restFactor = 3;
/** How often the main checkout is measured while runs have changes, in ms: nobody tells when a person saves a file. */
const ownMs = 15_000;

/** Keeps the radar of a project up to date, one look at a time, from what is measured anyway. */
export class RadarWatch implements Disposable {
  readonly #context: OperationContext;
  readonly #onChange: () => void;
  readonly #log: (line: string) => void;
  readonly #radar: Radar;
  #view: RadarView = nothingInSight;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;
  #ownAt = 0;
  #lookMs = 0;
  #isDisposed = false;

  constructor(context: OperationContext, onChange: () => void, log: (line: string) => void) {
    this.#context = context;
    this.#onChange = onChange;
    this.#log = log;
    this.#radar = new Radar(context.git);
  }

  get view(): RadarView {
    return this.#view;
  }

  measured(run: string, worktree: Worktree, files: readonly string[]): void {
    this.#radar.measured(run, worktree, files);
    this.#schedule();
  }

  /** Looks at the person's own changes, and where the branch is, now and then. */
  poll(): void {
    const { clock, store } = this.#context;
    if (clock() - this.#ownAt < ownMs || !store.runs.live().some(({ filesChanged }) => filesChanged > 0)) return;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || this.#isDisposed) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        if (this.#isLooking) return this.#schedule();
        this.#isLooking = true;
        const begun = performance.now();
        this.#look()
          .catch((failure: unknown) => this.#log(`radar: ${asForgeError(failure).message}`))
          .finally(() => {
            this.#isLooking = false;
            this.#lookMs = performance.now() - begun;
            if (this.#isDisposed) this.#radar.dispose();
          });
      },
      Math.max(gatherMs, restFactor * this.#lookMs),
    );
  }

  async #look(): Promise<void> {
    const live = liveWorks(this.#context);
    this.#radar.keepOnly(new Set([you, ...live.map(({ id }) => id)]));
    if (this.#context.clock() - this.#ownAt >= ownMs) await this.#measureOwn();
    const { view, isWhole } = await this.#radar.look(await goalOf(this.#context));
    if (!isWhole) this.#schedule();
    if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
    this.#view = view;
    this.#onChange();
  }

  async #measureOwn(): Promise<void> {
    this.#ownAt = this.#context.clock();
    const own = mainCheckout(this.#context);
    const { files } = await this.#context.git.diffStat(own);
    const paths = files.map(({ path }) => path);
    this.#radar.measured(you, own, paths);
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (!this.#isLooking) this.#radar.dispose();
  }
}
