import { type Arrangement, firstArrangement, type PaneNames } from '../../domain/arrangement.ts';
import type { DashboardModel } from './dashboard-model.ts';

/** How panes stood when they were last looked at, by the checkout of their project or `*` for all. */
export interface KeptArrangements {
  of(project: string): Arrangement | null;
  keep(project: string, arrangement: Arrangement): void;
  names(): PaneNames;
  keepNames(names: PaneNames): void;
}

/** Keeps how the panes stand of the project that is shown: each change of the person's, as soon as it is made. */
export class ArrangementKeeper {
  readonly #model: DashboardModel;
  readonly #places: KeptArrangements;
  #project = '*';
  #kept: Arrangement;
  #names: PaneNames;

  constructor(model: DashboardModel, places: KeptArrangements) {
    this.#model = model;
    this.#places = places;
    this.#kept = model.state.arrangement;
    this.#names = places.names();
    model.set({ names: this.#names });
  }

  /** Panes stand as they stood there. */
  show(project: string): void {
    this.#project = project;
    this.#kept = this.#places.of(project) ?? firstArrangement;
    this.#model.set({ arrangement: this.#kept });
  }

  keep(): void {
    const { arrangement, names } = this.#model.state;
    if (names !== this.#names) this.#places.keepNames(names);
    this.#names = names;
    if (arrangement === this.#kept) return;
    this.#kept = arrangement;
    this.#places.keep(this.#project, arrangement);
  }
}
