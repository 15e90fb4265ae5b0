import type { SessionFacts } from '../../domain/session.ts';

/** Shells of the person's beside agents. */
export interface ShellControl {
  /** The one in the worktree of the run, or a new one. Throws `worktree.missing` for a run that has none yet. */
  open(run: string): Promise<SessionFacts>;
}
