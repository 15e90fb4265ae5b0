import type { AgentWords } from './agent-words.ts';
import type { SessionFacts, SessionStatus } from './session.ts';

/** `asks`: it waits for a person. `ended`: before it had answered. `late`: the deadline came. `missing`: it cannot be started. */
export type TestOutcome = 'answered' | 'asks' | 'failed' | 'limited' | 'ended' | 'late' | 'missing';

/** A question or a failure stands this long, in ms, before it is the outcome. */
const standMs = 3_000;

/** At rest for so long, in ms, it does not go on by itself. */
const restMs = 1_000;

export interface TestScene {
  facts: SessionFacts;
  status: SessionStatus;
  words: AgentWords;
  /** It has been seen at work. */
  wasBusy: boolean;
  endsByItself: boolean;
  now: number;
}

/** What came of a small prompt; null: nothing yet. */
export function judgeTest({ facts, status, words, wasBusy, endsByItself, now }: TestScene): TestOutcome | null {
  if (facts.endedAt !== null) return endsByItself && facts.exitCode === 0 ? 'answered' : 'ended';
  const sinceMs = now - status.since;
  const stands = sinceMs >= standMs;
  const hasBegun = wasBusy || words.promptAt !== null || words.answerAt !== null;
  switch (status.state) {
    case 'waiting':
      return stands ? 'asks' : null;
    case 'failed':
    case 'limited':
      return stands ? status.state : null;
    case 'done':
      return 'answered';
    case 'idle':
      return hasBegun && sinceMs >= restMs ? 'answered' : null;
    default:
      return null;
  }
}
