import type { Disposable } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import type { Worktree } from '../../ports/git.ts';
import type { OperationContext } from '../context.ts';
import { worktreeOf } from '../operations/run/read.ts';

/** A worktree is measured this long after its agent last printed something, in ms: nothing printed, nothing measured. */
const settleMs = 1_500;

type Measured = (run: string, worktree: Worktree, files: readonly string[]) => void;

/** Keeps `+/-` of live runs up to date, with one git call at a time and none while nothing happens. */
export class DiffWatch implements Disposable {
  readonly #context: OperationContext;
  readonly #onMeasured: Measured;
  readonly #onChange: () => void;
  readonly #log: (line: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #queue: Promise<void> = Promise.resolve();

  constructor(context: OperationContext, onMeasured: Measured, onChange: () => void, log: (line: string) => void) {
    this.#context = context;
    this.#onMeasured = onMeasured;
    this.#onChange = onChange;
    this.#log = log;
  }

  /** The run's agent printed something: its files may have changed. */
  touched(run: string): void {
    if (this.#timers.has(run)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(run);
      this.#queue = this.#queue.then(() => this.#measure(run));
    }, settleMs);
    this.#timers.set(run, timer);
  }

  async #measure(id: string): Promise<void> {
    try {
      const { store, git } = this.#context;
      const run = store.runs.get(id);
      const worktree = worktreeOf(run);
      if (!worktree) return;
      const { filesChanged, linesAdded, linesRemoved, files } = await git.diffStat(worktree);
      this.#onMeasured(
        id,
        worktree,
        files.map(({ path }) => path),
      );
      const isSame =
        run.filesChanged === filesChanged && run.linesAdded === linesAdded && run.linesRemoved === linesRemoved;
      if (isSame) return;
      store.runs.setDiffStat(id, { filesChanged, linesAdded, linesRemoved });
      this.#onChange();
    } catch (failure) {
      this.#log(`${id}: its changes could not be measured: ${asForgeError(failure).message}`);
    }
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
