import type { Checkpoint, Rewound } from '../../domain/checkpoint.ts';
import type { Run } from '../../domain/run.ts';

/** States of the worktrees of one project's runs, taken and brought back. One act at a time in a worktree. */
export interface CheckpointControl {
  /** Before something changes the worktree: a turn of the agent. Never throws; what keeps it from being made is logged. */
  before(run: string, why: string): Promise<void>;
  /** A new one, or the newest when nothing has changed since. Null: the run has no worktree (yet). */
  checkpoint(run: Run, why: string): Promise<Checkpoint | null>;
  /** What is there, kept for good: before it is lost, or at the end of a run. */
  keep(run: Run, why: string): Promise<Checkpoint>;
  /**
   * Brings the worktree back to a checkpoint; null: to the newest that differs from what is there. That is kept before. Whoever
   * calls has seen to it that nobody is at work there. Throws `checkpoint.missing`. Safe to repeat: one by the same since then is
   * the answer, and not done again; `since` in ms since the epoch.
   */
  rewind(run: Run, number: number | null, by: string, since: number): Promise<Rewound>;
  /**
   * As `rewind`, but throws `run.state` while somebody is at work. `ref` may name kept work too. Without `since` each call is one
   * more.
   */
  rewindAtRest(run: Run, wanted: number | null | { ref: string }, by: string, since?: number): Promise<Rewound>;
}
