import { type Disposable, disposable } from '../base/disposable.ts';

/** A task of another project, as it is stored there now. */
export interface OutsideTask {
  id: string;
  title: string;
  isClosed: boolean;
  dependsOn: string[];
  /** The name of its project. */
  project: string;
}

/** Tasks of other projects, which those of this one can wait for. They are only looked at. */
export interface Neighbours {
  /** By its whole id. A text: why it cannot be known. Null: it is of no other project. */
  look(id: string): OutsideTask | string | null;
  /** Ids that a typed one can mean in the project that has its prefix. */
  meant(typed: string): string[];
  /** Another text whenever what `look` says of a task may be another; '' while nothing was looked at. Cheap to ask. */
  state(): string;
  /** Until what it returns is disposed, nobody else makes tasks of one project wait for those of another. */
  hold(): Disposable;
}

/** Where no other project is known. */
export const noNeighbours: Neighbours = {
  look: () => null,
  meant: () => [],
  state: () => '',
  hold: () => disposable(() => {}),
};
