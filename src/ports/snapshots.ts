import type { Worktree } from './git.ts';

/** A state of a worktree that can be brought back, as a commit outside its history. */
export interface Snapshot {
  commit: string;
  /** Equal for equal states. */
  content: string;
  /** The commit that was checked out; null: the branch had none yet. */
  head: string | null;
  /** Paths that are not in it, and why, for a person. */
  leftOut: string[];
}

export interface SnapshotWishes {
  message: string;
  /** An earlier one: it is the answer when nothing has changed since. */
  known?: Pick<Snapshot, 'commit' | 'content'> | null;
  /** A commit that is about to be restored: what it would overwrite is taken in too, though git ignores it. */
  before?: string;
}

/** States of worktrees, and the refs below `refs/forge/` that hold them. Nothing that an agent planted runs. */
export interface Snapshots {
  /** Whether there is a worktree at its path, whatever is checked out. */
  isThere(worktree: Worktree): boolean;
  /**
   * Tracked, staged, deleted and untracked files, modes and links, the index, HEAD and its branch; not what git ignores,
   * and not what is inside a repository of its own. The worktree's own index is neither changed nor locked.
   */
  take(worktree: Worktree, wishes: SnapshotWishes): Promise<Snapshot>;
  /**
   * Brings files, index, HEAD and branch back exactly; what was made since is removed, what git ignores stays. Safe to repeat
   * after a kill. The caller has kept what is there, `before` that commit. Throws `git.failed`, with nothing changed, when it cannot.
   */
  restore(worktree: Worktree, commit: string): Promise<void>;
  /** A new worktree at `path`, on the new branch `branch`, with what the commit holds. Throws `git.failed` when either is there. */
  restoreTo(path: string, branch: string, commit: string): Promise<Worktree>;
  /** How many files differ between two of them. */
  countChanges(from: string, to: string): Promise<number>;
  /** Makes the ref; false: it is there already, with another commit. */
  makeRef(ref: string, commit: string): Promise<boolean>;
  /** Refs below `refs/forge/<folder>/`, with their commits. */
  refs(folder: string): Promise<Map<string, string>>;
  removeRefs(refs: readonly string[]): Promise<void>;
  /** Whether everything in the commit is in `into`: it was merged, and nothing was uncommitted. */
  isMerged(commit: string, into: string): Promise<boolean>;
}
