import type { Worktree } from '../../ports/git.ts';
import type { Occupant } from '../../ports/worktree-setup.ts';
import type { MadeWorktree, WorktreeLook } from '../../ports/worktrees.ts';

/** A worktree that Forge made in the project, and how it stands. */
export interface WorktreeRow extends MadeWorktree, WorktreeLook {
  /** Its folder's name, which is that of its task. */
  task: string;
  /** The newest run of the task that had it; null: none that is known, as after the database was lost. */
  run: string | null;
  runStatus: string | null;
  /** Who works in it. */
  processes: Occupant[];
  /** On disk; null: not known. */
  bytes: number | null;
  /** Output of its setup and teardown commands; null: none. */
  log: string | null;
}

/** What pruning does with a worktree. */
export interface PruneStep {
  path: string;
  task: string;
  run: string | null;
  branch: string;
  /** Why it stays; null: it goes. */
  stays: string | null;
  /** Its work is kept at a place below refs/forge/kept/ first. */
  isKept: boolean;
  /** Its branch goes too: all that is in it was merged. */
  isBranchRemoved: boolean;
}

export interface RemovedWorktree extends PruneStep {
  /** Where everything that was in it is kept; null: it was merged, and nothing was uncommitted. */
  kept: string | null;
}

/** Hands on the worktrees of one project, those of live runs excepted. */
export interface WorktreeControl {
  list(): Promise<WorktreeRow[]>;
  /** Makes one that no run has, or finds it again by its name. */
  make(name: string): Promise<Worktree>;
  /** How many are made ahead and ready. */
  ahead(): number;
  /** Those of `names` (tasks or paths), or of all ended runs. Changes nothing. Throws `worktree.missing`. */
  plan(names: readonly string[]): Promise<PruneStep[]>;
  /** Throws `worktree.kept` when it is to stay, and `spawn.failed` when a teardown command fails. */
  remove(path: string): Promise<RemovedWorktree>;
}
