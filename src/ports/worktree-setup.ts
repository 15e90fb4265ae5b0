export interface WorktreeWishes {
  copy: string[];
  setup: string[];
  /** What setup commands have in their environment beside the person's. */
  env: Record<string, string>;
}

/** Makes a new worktree ready for work, as the project's settings say. */
export interface WorktreeSetup {
  /**
   * Copies `copy` (paths of files relative to the repository that git ignores, such as `.env`) and runs `setup` (shell
   * commands, one after the other, in the worktree). Throws `spawn.failed` with the end of the output of the command that failed.
   * When `signal` aborts, the command that runs is ended with its process group, and it throws that too.
   */
  prepare(worktree: string, repository: string, wishes: WorktreeWishes, signal: AbortSignal): Promise<void>;
  /** Ports that no other worktree has, the same as long as this one exists. */
  ports(worktree: string, settings: { base: number; perWorktree: number }): Promise<number[]>;
}
