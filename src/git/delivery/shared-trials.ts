import { disposable } from '../../base/disposable.ts';
import type { Worktree } from '../../ports/git.ts';
import type { MergeTrials, TrialCommit } from '../../ports/merge-trials.ts';

/** So many worktrees are read at once: each is a git that goes over all of its files. */
const readsMax = 4;

interface Reading {
  users: number;
  trial: Promise<TrialCommit | null>;
  begin(): void;
}

/**
 * What worktrees hold, read after it was asked for. Who asks while a reading has not begun shares it: of many runs that are delivered
 * at the same time each is read once or twice, not once for each of the others.
 */
export class SharedTrials {
  readonly #read: MergeTrials['commit'];
  /** Those that have not begun, by path, in the order in which they will. */
  readonly #waiting = new Map<string, Reading>();
  readonly #running = new Set<string>();

  constructor(read: MergeTrials['commit']) {
    this.#read = read;
  }

  /** Null: its folder cannot be read. Disposed by whoever asked. */
  async of(worktree: Worktree): Promise<TrialCommit | null> {
    const reading = this.#waiting.get(worktree.path) ?? this.#wait(worktree);
    reading.users += 1;
    this.#beginNext();
    const trial = await reading.trial;
    const { dispose } = disposable(() => {
      reading.users -= 1;
      if (reading.users === 0) trial?.dispose();
    });
    return trial && { ...trial, dispose };
  }

  #wait(worktree: Worktree): Reading {
    const { promise: trial, resolve } = Promise.withResolvers<TrialCommit | null>();
    const begin = () => void this.#read(worktree).then(resolve, () => resolve(null));
    const reading = { users: 0, trial, begin };
    this.#waiting.set(worktree.path, reading);
    return reading;
  }

  #beginNext(): void {
    const next = [...this.#waiting].find(([path]) => !this.#running.has(path));
    if (!next || this.#running.size >= readsMax) return;
    const [path, { trial, begin }] = next;
    this.#waiting.delete(path);
    this.#running.add(path);
    void trial.then(() => {
      this.#running.delete(path);
      this.#beginNext();
    });
    begin();
  }
}
