import type { Disposable } from '../../base/disposable.ts';
import { holdsWorker, type Run } from '../../domain/run.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { BudgetWatch } from './budget-watch.ts';

export interface StartQueueOptions {
  context: Pick<OperationContext, 'store' | 'settings'>;
  clock: Clock;
  budgets: Pick<BudgetWatch, 'isSpent'>;
  start: (run: string) => void;
}

/** Starts queued runs, the oldest first, as far as limits and budgets allow: one, and after a while the next. */
export class StartQueue implements Disposable {
  readonly #options: StartQueueOptions;
  /** When it is lost with this process, the next one looks by itself. */
  #later: NodeJS.Timeout | null = null;

  constructor(options: StartQueueOptions) {
    this.#options = options;
  }

  look(): void {
    const { context, budgets, start } = this.#options;
    const { total, perAgent, startGapMs } = context.settings.limits;
    const live = context.store.runs.live();
    const started = live.filter(({ status }) => status !== 'queued' && holdsWorker(status));
    let gapMs = this.#gapMs(started);
    for (const run of live.filter((candidate) => candidate.status === 'queued').sort(byAge)) {
      const ofAgent = started.filter((other) => other.agent === run.agent).length;
      if (started.length >= total) return;
      if (ofAgent >= (perAgent[run.agent] ?? total)) continue;
      if (budgets.isSpent(run.task, run.id)) continue;
      if (gapMs > 0) {
        this.#lookLater(gapMs);
        return;
      }
      started.push(run);
      start(run.id);
      gapMs = startGapMs;
    }
  }

  /** How long it is until another run may start, by what is stored: also to a process that has just begun. */
  #gapMs(started: readonly Run[]): number {
    const { startGapMs } = this.#options.context.settings.limits;
    const newest = Math.max(0, ...started.map(({ startedAt }) => startedAt ?? 0));
    // A clock that was set back must not hold a start up for longer.
    return Math.min(startGapMs, Math.max(0, newest + startGapMs - this.#options.clock()));
  }

  #lookLater(ms: number): void {
    this.#later ??= setTimeout(() => {
      this.#later = null;
      this.look();
    }, ms);
  }

  dispose(): void {
    if (this.#later) clearTimeout(this.#later);
  }
}

function byAge(a: Run, b: Run): number {
  return a.createdAt - b.createdAt;
}
