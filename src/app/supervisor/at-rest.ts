import type { Run, RunStatus } from '../../domain/run.ts';
import type { SessionState, SessionStatus } from '../../domain/session.ts';

/** Something else is at work in the worktree of a run in one of these, or about to be. */
export const movingStatuses: readonly RunStatus[] = ['queued', 'preparing', 'gating', 'rewinding', 'delivering'];
/** Its agent may write a file at any moment. */
const working: readonly SessionState[] = ['starting', 'busy', 'waiting', 'unknown'];

/** Why the worktree of a run cannot be taken back now, and what to do; null: nobody is at work there. */
export function whyNotAtRest(
  run: Run,
  live: readonly Run[],
  status: SessionStatus | null,
): { message: string; next: string } | null {
  const other = live.find(({ id, worktree }) => id !== run.id && worktree !== null && worktree === run.worktree);
  if (other)
    return { message: `Run ${other.id} works in that worktree.`, next: `Take that one back: forge rewind ${other.id}` };
  if (movingStatuses.includes(run.status)) {
    return { message: `Run ${run.id} is ${run.status}.`, next: `Wait, or stop it first: forge pause ${run.id}` };
  }
  if (status === null) return null;
  const isAtWork = run.status === 'paused' ? status.state === 'busy' : working.includes(status.state);
  if (!isAtWork) return null;
  if (run.status === 'paused') {
    return { message: `The agent of run ${run.id} has not stopped yet.`, next: 'Try again in a moment.' };
  }
  return { message: `The agent of run ${run.id} is at work.`, next: `Stop it first: forge pause ${run.id}` };
}
