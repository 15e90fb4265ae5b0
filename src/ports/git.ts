import type { DiffStat } from '../domain/run.ts';

import type { MergeTrials } from './merge-trials.ts';

export interface Worktree {
  path: string;
  branch: string;
  /** Commit that the branch started from. */
  base: string;
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
  /** Short name of the branch that the main checkout is on, or null when detached. */
  currentBranch(): Promise<string | null>;
  /**
   * Makes the worktree and its branch from the main checkout's HEAD, or adopts the one that is there already, also one
   * that a killed Forge left half made. Safe to repeat. Refuses a path or branch that Forge did not make.
   * `recorded` is what an earlier call returned, if one did. `content` is a commit of `keep`: a new branch begins at its
   * parent, with what it holds beyond that as uncommitted changes.
   */
  ensureWorktree(path: string, branch: string, recorded?: Worktree | null, content?: string): Promise<Worktree>;
  /** Ignored files of the main checkout that its `.worktreeinclude` names for new worktrees, relative to it. */
  includedFiles(): Promise<string[]>;
  /** A worktree of the main checkout's HEAD without a branch, for a moment: disposed, it is removed with all that is in it. */
  throwAwayWorktree(path: string): Promise<AsyncDisposable & { path: string }>;
  readonly trials: MergeTrials;
  /** What the worktree changed since `base`: committed, uncommitted and untracked files. That at `root` is the main checkout. */
  diffStat(worktree: Worktree): Promise<DiffStat & { files: DiffFile[] }>;
  /** The same as one unified diff in git's format, at most `bytesMax` (a note ends it where it was cut). */
  diff(worktree: Worktree, bytesMax?: number): Promise<string>;
  /** Keeps everything in the worktree, untracked files too, as a commit at `ref` (below refs/forge/). Its id. */
  keep(worktree: Worktree, ref: string, message: string): Promise<string>;
}
