import { describe, expect, test } from 'vitest';
import { judgeTest, type TestScene } from '../../src/domain/agent-test.ts';
import { noWords } from '../../src/domain/agent-words.ts';
import type { SessionFacts, SessionState } from '../../src/domain/session.ts';

const now = 100_000;
const scene = (state: SessionState, more: Partial<TestScene> = {}, sinceMs = 10_000): TestScene => ({
  facts: { endedAt: null, exitCode: null } as SessionFacts,
  status: { state, reason: '', evidence: '', since: now - sinceMs },
  ...{ words: noWords, wasBusy: false, endsByItself: false, now },
  ...more,
});
const ended = (exitCode: number) => ({ facts: { endedAt: now, exitCode } as SessionFacts });

const rows: [string, TestScene, ReturnType<typeof judgeTest>][] = [
  ['it starts', scene('starting'), null],
  ['it works', scene('busy', { wasBusy: true }), null],
  ['it says that it has answered', scene('done'), 'answered'],
  ['it has come to rest after work', scene('idle', { wasBusy: true }), 'answered'],
  ['it rests after its start', scene('idle'), null],
  ['its records have an answer', scene('idle', { words: { ...noWords, answerAt: now } }), 'answered'],
  ['its records have the prompt', scene('idle', { words: { ...noWords, promptAt: now } }), 'answered'],
  ['it rests for a moment', scene('idle', { wasBusy: true }, 500), null],
  ['a question that stands', scene('waiting'), 'asks'],
  ['a question that has just come', scene('waiting', {}, 500), null],
  ['an error that stands', scene('failed'), 'failed'],
  ['a limit', scene('limited'), 'limited'],
  ['a script that ends well', scene('done', { ...ended(0), endsByItself: true }), 'answered'],
  ['a script that ends badly', scene('failed', { ...ended(3), endsByItself: true }), 'ended'],
  ['a chat that ends', scene('exited', ended(0)), 'ended'],
];

describe('what came of a small prompt', () => {
  test.each(rows)('%s', (_name, given, outcome) => {
    expect(judgeTest(given)).toBe(outcome);
  });
});
