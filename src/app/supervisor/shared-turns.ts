import { type Disposable, disposable } from '../../base/disposable.ts';
import { outsideText } from '../../domain/queue.ts';

/** The queue of a project, as the queues of the other projects see it. */
export interface TurnTaker {
  /** How many of its runs hold a worker; `group`: of those only. */
  atWork(group?: string): number;
  /** When its newest run began, in ms since the epoch; 0: none did. */
  newestStart(): number;
  /** It has a run that could begin now but for the other projects. */
  canStart(): boolean;
  look(): void;
}

/**
 * What the projects of a supervisor share: how many runs may be at work over all of them. Where that is scarce, the project
 * with the fewest at work is first, and of several the one whose last run began the longest ago: so each gets its part,
 * however long the queue of another is.
 */
export class SharedTurns {
  readonly #takers = new Set<TurnTaker>();

  join(taker: TurnTaker): Disposable {
    this.#takers.add(taker);
    return disposable(() => this.#takers.delete(taker));
  }

  /** Why this one may start none now; null: it may. `limit`: runs at once over all projects; null: any number. */
  refuse(taker: TurnTaker, limit: number | null): string | null {
    if (limit === null) return null;
    const atWork = [...this.#takers].reduce((sum, one) => sum + one.atWork(), 0);
    if (atWork >= limit) return outsideText(limit);
    const [first] = [...this.#takers].filter((one) => one.canStart()).sort(byShare);
    if (first === undefined || first === taker) return null;
    first.look();
    return outsideText(null);
  }

  /** How many of a group are at work in the other projects. */
  atWorkElsewhere(taker: TurnTaker, group: string): number {
    return [...this.#takers].reduce((sum, one) => (one === taker ? sum : sum + one.atWork(group)), 0);
  }

  /** A run of one project may have made room for those of the others. */
  lookAtOthers(taker: TurnTaker): void {
    for (const one of this.#takers) if (one !== taker) one.look();
  }
}

function byShare(a: TurnTaker, b: TurnTaker): number {
  return a.atWork() - b.atWork() || a.newestStart() - b.newestStart();
}
