import type { Worktree } from './git.ts';

/** What Forge noted of a worktree that it made. */
export interface MadeWorktree extends Worktree {
  state: 'making' | 'made' | 'removing';
  /** In ms since the epoch; null: an older Forge made it and did not say. */
  madeAt: number | null;
}

/** How a worktree stands now. */
export interface WorktreeLook {
  isThere: boolean;
  /** Why git has it locked; null: it is not. */
  locked: string | null;
  /** Files with changes that are in no commit, untracked ones too; null: it could not be looked into. */
  changed: number | null;
  /** Commits that no remote has; null as above. */
  unpushed: number | null;
  /** All its commits are in the main checkout's branch, or at a remote in another branch than its own. */
  isMerged: boolean;
  /** The commit of its branch; null: there is no such branch. */
  tip: string | null;
  /** The same of the commits of its branch. */
  isBranchMerged: boolean;
  /** What would be lost with it and cannot be kept, a sentence each: repositories inside it with work that is nowhere else. */
  holds: string[];
}

/** Where a new branch is to begin. */
export interface FreshBase {
  /** Null: at the HEAD of the main checkout. */
  commit: string | null;
  /** What a person should know of it, as that the remote could not be asked; null: nothing. */
  note: string | null;
}

/** A worktree without a branch that was made ahead, ready to be taken. */
export interface AheadWorktree {
  path: string;
  base: string;
  /** What it was made from; null: it is not ready yet. */
  key: string | null;
}

/** The worktrees that Forge made of one repository, after their making. Nothing else is ever touched. */
export interface Worktrees {
  /**
   * The commit for a new branch: `head`, `remote` (the default branch of the remote, fetched) or the name of a branch (as the remote
   * has it, or as it is here when that is further). Never moves a branch; out of reach of the remote, what is here and a note.
   */
  freshBase(wish: string): Promise<FreshBase>;
  /** The commit that the main checkout is at. */
  head(): Promise<string>;
  /** What Forge noted of the worktree at `path`; null: it made none there of this repository. */
  noted(path: string): MadeWorktree | null;
  /** Whether files were copied into the worktree and its setup commands have run; null: an older Forge made it and did not say. */
  isPrepared(path: string): boolean | null;
  /** From now on it is. */
  setPrepared(path: string): void;
  /** All that Forge made in `directory`. */
  list(directory: string): MadeWorktree[];
  look(worktree: Worktree): Promise<WorktreeLook>;
  /**
   * Removes the worktree with all that is in it, and its branch when that still is at `branchTip`. What is to stay was kept before.
   * Repeated after a kill it goes on. Throws `worktree.kept` for what Forge did not make.
   */
  remove(path: string, branchTip: string | null): Promise<void>;
  /**
   * Puts right what a killed Forge or git left in `directory`, but for the worktrees in use, and mends the pointers of worktrees
   * whose repository was moved. A line for each thing that was done.
   */
  reconcile(directory: string, inUse: ReadonlySet<string>): Promise<string[]>;
  /** A place below refs/forge/kept/ that nothing is kept at yet. */
  freeKept(name: string): Promise<string>;
  /** The worktrees made ahead in `directory`. */
  ahead(directory: string): AheadWorktree[];
  /** Makes one at `path`, at `base` (null: the HEAD of the main checkout). */
  makeAhead(path: string, base: string | null): Promise<void>;
  /** It is ready: from now on nobody may change it. `key`: what it was made from. */
  setReady(path: string, key: string): Promise<void>;
  /**
   * Hands over the one at `from`, with a new branch, at another path; `moved` is called in the instant it is there. Null, and `from` is
   * of no use any more: it was touched, is not at `base` (null: HEAD), or there is something at `path` or a branch of that name.
   */
  takeAhead(
    from: string,
    path: string,
    branch: string,
    base: string | null,
    moved: () => void,
  ): Promise<Worktree | null>;
}
