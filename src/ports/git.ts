import type { DiffStat } from '../domain/run.ts';
import type { MergeTrials } from './merge-trials.ts';
import type { Snapshots } from './snapshots.ts';
import type { Worktrees } from './worktrees.ts';

export interface Worktree {
  path: string;
  branch: string;
  /** Commit that the branch started from. */
  base: string;
}

/** What a new worktree is to hold. */
export interface WorktreeWish {
  /** What an earlier call returned, if one did. */
  recorded?: Worktree | null;
  /** The commit that a new branch begins at; left out: the HEAD of the main checkout. */
  base?: string;
  /** A commit of `keep`: a new branch begins at its parent, with what it holds beyond that as uncommitted changes. */
  content?: string;
}

export interface DiffFile {
  path: string;
  added: number;
  /** -1 for both numbers marks a binary file. */
  removed: number;
}

/** Git on one repository. Nothing that an agent planted (hooks, filters, pagers) runs through it. */
export interface Git {
  /** Absolute path of the main working tree. */
  readonly root: string;
  /** Absolute path of the common git directory, which linked worktrees share. */
  readonly commonDir: string;
  /** Those that Forge made here, after their making. */
  readonly worktrees: Worktrees;
  readonly snapshots: Snapshots;
  /** Short name of the branch that the main checkout is on, or null when detached. */
  currentBranch(): Promise<string | null>;
  /**
   * Makes the worktree and its branch, or adopts the one that is there already, also one that a killed Forge left half made or half
   * removed. Safe to repeat. Refuses a path or branch that Forge did not make.
   */
  ensureWorktree(path: string, branch: string, wish?: WorktreeWish): Promise<Worktree>;
  /** Ignored files of the main checkout that its `.worktreeinclude` names for new worktrees, relative to it. */
  includedFiles(): Promise<string[]>;
  /** A worktree of the main checkout's HEAD without a branch, for a moment: disposed, it is removed with all that is in it. */
  throwAwayWorktree(path: string): Promise<AsyncDisposable & { path: string }>;
  readonly trials: MergeTrials;
  /** What the worktree changed since `base`: committed, uncommitted and untracked files. That at `root` is the main checkout. */
  diffStat(worktree: Worktree): Promise<DiffStat & { files: DiffFile[] }>;
  /** The same as one unified diff in git's format, at most `bytesMax` (a note ends it where it was cut). */
  diff(worktree: Worktree, bytesMax?: number): Promise<string>;
}
