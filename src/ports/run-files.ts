import type { Cost } from '../domain/cost.ts';
import type { Run, RunEvent } from '../domain/run.ts';

/** A run with all that is told of it but a look at its worktree. */
export interface ToldRun extends Run {
  batch: string | null;
  cost: Cost | null;
  events: RunEvent[];
}

/** A file a run that says how it stands, for whoever reads files. Forge never reads one. */
export interface RunFiles {
  /** In one step: who reads it sees the one before, or this. */
  write(run: ToldRun): void;
  /** Ms since the epoch; null: there is none. */
  writtenAt(run: string): number | null;
  remove(run: string): void;
}
