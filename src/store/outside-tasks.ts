import { prefixOf } from '../domain/id-prefix.ts';
import type { Neighbours } from '../ports/neighbours.ts';
import type { Database } from './database.ts';

/** What tasks of other projects are to those of this one. Ids of one prefix are of one project. */
export class OutsideTasks {
  readonly #neighbours: Neighbours;
  #isHeld = false;

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
  }

  /** Whether one must wait for a task of another project: it is open there, or that cannot be known. */
  blocks(id: string): boolean {
    const found = this.#neighbours.look(id);
    return typeof found === 'string' || found?.isClosed === false;
  }

  /** Where it is, or why that is not known. */
  words(id: string): string {
    const found = this.#neighbours.look(id);
    return typeof found === 'string' ? found : `in ${found?.project}`;
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

  /** From here to the end of the transaction nobody closes a circle through several projects that this one cannot see. */
  holdIn(database: Database): void {
    if (this.#isHeld) return;
    const held = this.#neighbours.hold();
    this.#isHeld = true;
    database.atEnd(() => {
      this.#isHeld = false;
      held.dispose();
    });
  }

  /** Why nothing is known of a task of another project; null: it is, or it is of no other one. */
  problem(id: string): string | null {
    const found = this.#neighbours.look(id);
    return typeof found === 'string' ? found : null;
  }
}
