import { hasAgentAtWork, type Run, type RunStatus } from './run.ts';
import type { SessionState, SessionView } from './session.ts';

/** One word for how a run stands: its status, or with what the agent that should be at work waits for a person. */
export function runWord({ status }: Pick<Run, 'status'>, session: SessionView | null): RunStatus | WaitingWord {
  if (!hasAgentAtWork(status) || session === null) return status;
  return waitingWords[session.status.state] ?? (session.silentSince == null ? status : 'silent');
}

type WaitingWord = 'waiting' | 'finished' | 'idle' | 'limited' | 'failed' | 'silent';

const waitingWords: Partial<Record<SessionState, WaitingWord>> = {
  waiting: 'waiting',
  done: 'finished',
  idle: 'idle',
  limited: 'limited',
  failed: 'failed',
};
