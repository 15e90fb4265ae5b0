import { type Cost, sumOf } from '../../domain/cost.ts';

/** What each project of a supervisor tells the others of its part of batches, which may reach over several. */
export class SharedBatches {
  readonly #costs = new Map<string, ReadonlyMap<string, Cost>>();
  readonly #changes = new Map<string, number>();

  /** What batches cost in a project. */
  tell(project: string, costs: ReadonlyMap<string, Cost>): void {
    this.#costs.set(project, costs);
  }

  forget(project: string): void {
    this.#costs.delete(project);
  }

  /** What each batch cost, in all projects. */
  costs(): Map<string, Cost> {
    return sumOf([...this.#costs.values()]);
  }

  /** Something in a project is not as it was. */
  changed(project: string): void {
    this.#changes.set(project, (this.#changes.get(project) ?? 0) + 1);
  }

  /** Another number when something has changed in one of these projects. */
  changesIn(projects: readonly string[]): number {
    return projects.reduce((sum, project) => sum + (this.#changes.get(project) ?? 0), 0);
  }
}
