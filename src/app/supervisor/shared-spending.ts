import { type Cost, sumOf } from '../../domain/cost.ts';

/** What batches cost in each project of a supervisor: a batch may reach over several. */
export class SharedSpending {
  readonly #batches = new Map<string, ReadonlyMap<string, Cost>>();

  tell(project: string, batches: ReadonlyMap<string, Cost>): void {
    this.#batches.set(project, batches);
  }

  forget(project: string): void {
    this.#batches.delete(project);
  }

  /** What each batch cost, in all projects. */
  batches(): Map<string, Cost> {
    return sumOf([...this.#batches.values()]);
  }
}
