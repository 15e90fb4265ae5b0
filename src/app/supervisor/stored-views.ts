import { stepWords } from '../../domain/task-step.ts';
import type { Store } from '../../ports/store.ts';
import type { ProjectView } from '../views/project-view.ts';

type Stored = Pick<ProjectView, 'tasks' | 'openTasks' | 'undo' | 'redo' | 'runs'>;

/** The parts of a view that are in the store: the same lists as long as nobody writes into it, neither read nor compared again. */
export class StoredViews {
  readonly #store: Store;
  #revision = '';
  #views: Stored = { tasks: [], openTasks: 0, undo: null, redo: null, runs: [] };

  constructor(store: Store) {
    this.#store = store;
  }

  /** Another one whenever anything was written, or what its tasks wait for elsewhere has changed. */
  revision(): string {
    return `${this.#store.revision()} ${this.#store.elsewhere()}`;
  }

  views(): Stored {
    const revision = this.revision();
    if (revision === this.#revision) return this.#views;
    const { tasks, runs, steps } = this.#store;
    const [undo, redo] = [steps.newest(false), steps.newest(true)];
    this.#views = {
      tasks: tasks.shown(),
      openTasks: tasks.countOpen(),
      runs: runs.list(),
      undo: undo && stepWords(undo),
      redo: redo && stepWords(redo),
    };
    this.#revision = revision;
    return this.#views;
  }
}
