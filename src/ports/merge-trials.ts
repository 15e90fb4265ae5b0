import type { Disposable } from '../base/disposable.ts';
import type { SharedFile } from '../domain/overlap.ts';
import type { Worktree } from './git.ts';

/** Everything that a worktree held at a moment, as a commit that no repository has. Gone when it is disposed. */
export interface TrialCommit extends Disposable {
  commit: string;
  /** The newest commit of the repository in it. */
  head: string;
  /** Folder with what of it is not in the repository; null: all is. */
  objects: string | null;
}

/** Merges for a try, beside the repository: nothing in it changes. */
export interface MergeTrials {
  /** Of a worktree of Forge, or of the main checkout at the root. */
  commit(worktree: Worktree): Promise<TrialCommit>;
  /** Where a branch stands now; null, and for one that is not here: the main checkout's HEAD. */
  branch(name: string | null): Promise<TrialCommit>;
  /** Paths that differ between two commits of the repository. */
  changed(from: string, to: string): Promise<string[]>;
  /** What both have changed since they parted. `conflicts` null: this git is too old to say it. */
  meet(ours: TrialCommit, theirs: TrialCommit): Promise<{ files: SharedFile[]; conflicts: boolean | null }>;
  /** Merges one after the other into `target`; what conflicts is left out, and gives its files instead of null. */
  mergeAll(target: TrialCommit, works: readonly TrialCommit[]): Promise<(string[] | null)[]>;
}
