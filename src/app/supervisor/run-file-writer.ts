import type { Disposable } from '../../base/disposable.ts';
import { isRunEnded } from '../../domain/run.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { OperationContext } from '../context.ts';
import { batchOf } from '../spending.ts';
import type { BudgetWatch } from './budget-watch.ts';

/** Steps of a run within so many ms are one writing. */
const gatherMs = 100;

/** The newest events that a file has: its whole history is in the store. */
const eventsMax = 500;

export interface RunFileWriterOptions {
  context: OperationContext;
  files: RunFiles;
  budgets: Pick<BudgetWatch, 'spending'>;
  log: (line: string) => void;
}

/** Keeps the file of each run that takes a step. */
export class RunFileWriter implements Disposable {
  readonly #options: RunFileWriterOptions;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #hasFailed = false;

  constructor(options: RunFileWriterOptions) {
    this.#options = options;
  }

  /** What a supervisor that was killed did not write any more. */
  restore(): void {
    const { context, files } = this.#options;
    for (const { id, status, endedAt } of context.store.runs.list()) {
      const writtenAt = files.writtenAt(id);
      // One that has ended and has no file was cleaned up.
      if (isRunEnded(status) ? writtenAt !== null && writtenAt < (endedAt ?? 0) : true) this.touched(id);
    }
  }

  touched(run: string): void {
    this.#waiting.add(run);
    this.#timer ??= setTimeout(() => this.#write(), gatherMs);
  }

  #write(): void {
    const { context, files, budgets, log } = this.#options;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const { runs } = context.store;
    for (const id of this.#waiting) {
      try {
        const run = runs.find(id);
        const cost = budgets.spending.runs.get(id) ?? null;
        if (run)
          files.write({ ...run, batch: batchOf(context, run.task), cost, events: runs.events(id).slice(-eventsMax) });
        this.#hasFailed = false;
      } catch (failure) {
        if (!this.#hasFailed) log(`files of runs: ${(failure as Error).message}`);
        this.#hasFailed = true;
      }
    }
    this.#waiting.clear();
  }

  dispose(): void {
    this.#write();
  }
}
