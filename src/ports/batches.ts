import type { Batch, BatchMember } from '../domain/batch.ts';

/** Named sets of tasks of any project. `get`, `add` and `remove` throw `batch.missing`. */
export interface Batches {
  /** Throws `batch.exists`, and `batch.taken` for a task that is in another one; then nothing is changed. */
  create(name: string, tasks: readonly BatchMember[]): Promise<Batch>;
  /** Tasks that are in it stay. Throws `batch.taken` for one that is in another, and then adds none. */
  add(name: string, tasks: readonly BatchMember[]): Promise<Batch>;
  remove(name: string, tasks: readonly BatchMember[]): Promise<Batch>;
  /**
   * Takes in those that a project has kept by itself. One whose name another project's tasks have gets a name of its own: the
   * result tells each old name with its new one. Safe to repeat.
   */
  takeIn(project: string, batches: readonly OwnBatch[]): Promise<Map<string, string>>;
  get(name: string): Batch;
  /** Oldest first. */
  list(): Batch[];
  /** The batch of a task; null: it is in none. */
  of(member: BatchMember): string | null;
  /** Lines that cannot be read, each with its number; they stay in the file. */
  problems(): string[];
}

/** A batch from when each project had its own. */
export interface OwnBatch {
  name: string;
  createdAt: number;
  /** Ids. */
  tasks: string[];
}
