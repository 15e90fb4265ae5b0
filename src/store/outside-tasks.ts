import { prefixOf } from '../domain/id-prefix.ts';
import type { Neighbours } from '../ports/neighbours.ts';

/** What tasks of other projects are to those of this one. Ids of one prefix are of one project. */
export class OutsideTasks {
  readonly #neighbours: Neighbours;

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
  }

  /** Whether a task must wait for another one that is not here: it is open elsewhere, or that cannot be known. */
  blocks(task: string, other: string): boolean {
    const found = this.#look(task, other);
    return typeof found === 'string' || found?.isClosed === false;
  }

  /** Where a task is that another one waits for, or why that is not known; null: it is of no other project. */
  words(task: string, other: string): string | null {
    const found = this.#look(task, other);
    return typeof found === 'string' ? found : found && `in ${found.project}`;
  }

  /** What a task of another project waits for, as far as it is known. */
  dependsOn(id: string): readonly string[] {
    const found = this.#neighbours.look(id);
    return found === null || typeof found === 'string' ? [] : found.dependsOn;
  }

  /** Ids of other projects that a typed one can mean. */
  meant(typed: string): string[] {
    const wanted = typed.trim().toLowerCase();
    return prefixOf(wanted) === null ? [] : this.#neighbours.meant(wanted);
  }

  /** Why nothing is known of a task of another project; null: it is, or it is of no other one. */
  problem(id: string): string | null {
    const found = this.#neighbours.look(id);
    return typeof found === 'string' ? found : null;
  }

  #look(task: string, other: string) {
    const prefix = prefixOf(other);
    return prefix === null || prefix === prefixOf(task) ? null : this.#neighbours.look(other);
  }
}
