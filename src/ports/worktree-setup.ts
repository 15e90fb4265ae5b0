export interface WorktreeWishes {
  copy: string[];
  setup: string[];
  /** What setup commands have in their environment beside the person's. */
  env: Record<string, string>;
}

/** A process that works in a folder. */
export interface Occupant {
  pid: number;
  /** As the system calls it. */
  name: string;
}

/** What a worktree needs besides git: its files and commands, as the project's settings say, its ports, and who works in it. */
export interface WorktreeSetup {
  /**
   * Copies `copy` (paths of files relative to the repository that git ignores, such as `.env`) and runs `setup` (shell
   * commands, one after the other, in the worktree). Throws `spawn.failed` with the end of the output of the command that failed.
   * When `signal` aborts, the command that runs is ended with all that it started, and it throws that too. What an earlier call left
   * running, before this process was killed, has ended before it begins.
   */
  prepare(worktree: string, repository: string, wishes: WorktreeWishes, signal: AbortSignal): Promise<void>;
  /** Ports that no other worktree has, the same as long as this one exists. */
  ports(worktree: string, settings: { base: number; perWorktree: number }): Promise<number[]>;
  /** By what it can be seen that files of the repository are others now: their paths, sizes and times. */
  stamps(repository: string, paths: readonly string[]): string[];
  /** Runs `commands` before the worktree is removed. Throws as `prepare` does. */
  tearDown(worktree: string, commands: readonly string[], env: Record<string, string>): Promise<void>;
  /** The worktree at `from` is now at `to`, with its ports and its log. */
  moved(from: string, to: string): void;
  /** What its setup and teardown commands wrote, the newest megabyte; null: nothing yet. */
  log(worktree: string): { file: string; text: string } | null;
  /** Programs that work in the folder or below it; an empty list where the system does not tell. */
  processesIn(folder: string): Occupant[];
  /** Bytes that the folder takes on disk; null: it took too long to find out. */
  size(folder: string): Promise<number | null>;
}
