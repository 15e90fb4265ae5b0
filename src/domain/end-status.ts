import type { SessionFacts, SessionStatus } from './session.ts';

/** What the end of a program says of its session; null: it runs. */
export function fromEnd({ facts, endsByItself }: { facts: SessionFacts; endsByItself: boolean }): SessionStatus | null {
  if (facts.isLost) {
    const since = facts.endedAt ?? facts.lastOutputAt ?? facts.startedAt;
    return { state: 'lost', reason: 'the session host ended first', evidence: 'no host holds it', since };
  }
  if (facts.endedAt === null) return null;
  return { ...judgeEnd(facts, endsByItself), since: facts.endedAt };
}

/**
 * It ended in the middle of a conversation: by a signal, or badly when it had taken a prompt (`hasBegun`). Not where a person has ended it,
 * by Forge or at its keys.
 */
export function isCutOff(facts: SessionFacts, hasBegun: boolean): boolean {
  const signal = signalOf(facts);
  const isClean = signal === 0 && facts.exitCode === 0;
  if (facts.isEndAsked || isClean || isOfKeys(signal)) return false;
  return hasBegun || signalNames[signal] !== undefined;
}

/** A program that catches one exits with 128 and its number. 0: none. */
function signalOf({ signal, exitCode }: SessionFacts): number {
  return signal || Math.max(0, (exitCode ?? 0) - 128);
}

function judgeEnd(facts: SessionFacts, endsByItself: boolean): Omit<SessionStatus, 'since'> {
  const signal = facts.signal ?? 0;
  if (facts.isEndAsked && facts.exitCode !== 0) {
    return { state: 'exited', reason: 'its end was asked for', evidence: 'process ended' };
  }
  if (signal > 0) {
    const reason = `ended by ${signalNames[signal] ?? `signal ${signal}`}`;
    return { state: endsByItself || !isRequest(signal) ? 'failed' : 'exited', reason, evidence: 'process ended' };
  }
  // Neither done nor failed may be claimed.
  if (facts.exitCode === null) return { state: 'exited', reason: 'how is not known', evidence: 'process gone' };
  const evidence = `exit status ${facts.exitCode}`;
  if (facts.exitCode === 0) return { state: endsByItself ? 'done' : 'exited', reason: '', evidence };
  const caught = facts.exitCode - 128;
  if (!endsByItself && isRequest(caught))
    return { state: 'exited', reason: `ended by ${signalNames[caught]}`, evidence };
  return { state: 'failed', reason: evidence, evidence };
}

/** INT and QUIT. */
function isOfKeys(signal: number): boolean {
  return signal === 2 || signal === 3;
}

const signalNames: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** HUP, INT and TERM: somebody asked a chat to leave; a program that catches them exits with 128 and the number. */
function isRequest(signal: number): boolean {
  return signal === 1 || signal === 2 || signal === 15;
}
