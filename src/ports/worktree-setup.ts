/** Makes a new worktree ready for work, as the project's settings say. */
export interface WorktreeSetup {
  /**
   * Copies `copy` (paths of files relative to the repository that git ignores, such as `.env`) and runs `setup` (shell
   * commands, one after the other, in the worktree). Throws `spawn.failed` with the end of the output of the command that failed.
   * When `signal` aborts, the command that runs is ended with its process group, and it throws that too.
   */
  prepare(
    worktree: string,
    repository: string,
    settings: { copy: string[]; setup: string[] },
    signal: AbortSignal,
  ): Promise<void>;
}
