import { describe, expect, test } from 'vitest';
import { hearReport, noWords } from '../../src/domain/agent-words.ts';
import type { ProgramStatus, SessionFacts, SessionStatus } from '../../src/domain/session.ts';
import { stateWord } from '../../src/domain/state-word.ts';
import { deriveStatus, type ScreenRule, type StatusRules } from '../../src/domain/status.ts';

const now = 1_000_000;
const rules: StatusRules = {
  titleRules: [{ name: 'spinner', state: 'busy', reason: '', pattern: /^◐ / }],
  screenRules: [{ name: 'key dialog', state: 'waiting', reason: 'asks about the key', lines: [/API key/, /Yes/] }],
};

function facts(changes: Partial<SessionFacts> = {}): SessionFacts {
  return {
    id: 's1',
    labels: {},
    command: ['agent'],
    cwd: '/w',
    pid: 7,
    cols: 80,
    rows: 24,
    startedAt: now - 100_000,
    lastOutputAt: now - 40_000,
    lastInputAt: null,
    bellAt: null,
    title: '',
    program: null,
    endedAt: null,
    exitCode: null,
    signal: null,
    isLost: false,
    ...changes,
  };
}

function program(state: ProgramStatus['state'], more: Partial<ProgramStatus> = {}): ProgramStatus {
  return { state, app: 'agent', kind: null, message: null, at: now - 5_000, ...more };
}

const ended = { endedAt: now - 1, exitCode: 0, signal: 0 };
const dialog = ['  Use this API key?', ' 1. Yes'];

test.each([
  {
    says: 'a lost session is lost, whatever its program said last',
    facts: { isLost: true, endedAt: now - 9, program: program('working') },
    status: { state: 'lost', reason: 'the session host ended first', evidence: 'no host holds it', since: now - 9 },
  },
  {
    says: 'a chat that was left has exited',
    facts: { ...ended, program: program('working') },
    status: { state: 'exited', reason: '', evidence: 'exit status 0', since: now - 1 },
  },
  {
    says: 'a script that ended well is done',
    facts: ended,
    endsByItself: true,
    status: { state: 'done', reason: '', evidence: 'exit status 0', since: now - 1 },
  },
  {
    says: 'a bad exit status is a failure',
    facts: { ...ended, exitCode: 3 },
    status: { state: 'failed', reason: 'exit status 3', evidence: 'exit status 3', since: now - 1 },
  },
  {
    says: 'a chat that caught a hang-up was asked to leave',
    facts: { ...ended, exitCode: 129 },
    status: { state: 'exited', reason: 'ended by SIGHUP', evidence: 'exit status 129', since: now - 1 },
  },
  {
    says: 'a script that was asked to leave has not done its work',
    facts: { ...ended, signal: 15 },
    endsByItself: true,
    status: { state: 'failed', reason: 'ended by SIGTERM', evidence: 'process ended', since: now - 1 },
  },
  {
    says: 'a chat that was killed has failed',
    facts: { ...ended, exitCode: null, signal: 9 },
    status: { state: 'failed', reason: 'ended by SIGKILL', evidence: 'process ended', since: now - 1 },
  },
  {
    says: 'one that was ended because somebody asked for it has not failed, however it took it',
    facts: { ...ended, exitCode: null, signal: 9, isEndAsked: true },
    endsByItself: true,
    status: { state: 'exited', reason: 'its end was asked for', evidence: 'process ended', since: now - 1 },
  },
  {
    says: 'an end that nobody saw is no failure',
    facts: { ...ended, exitCode: null },
    endsByItself: true,
    status: { state: 'exited', reason: 'how is not known', evidence: 'process gone', since: now - 1 },
  },
  {
    says: 'a program that asked something and has died is dead, and waits for nobody',
    facts: { ...ended, exitCode: null, signal: 9, program: program('blocked', { kind: 'permission' }) },
    screen: dialog,
    status: { state: 'failed', reason: 'ended by SIGKILL', evidence: 'process ended', since: now - 1 },
  },
  {
    says: 'the program is believed before its title, its screen and the clock',
    facts: { program: program('idle'), title: '◐ Working', lastOutputAt: now },
    screen: dialog,
    status: { state: 'idle', reason: '', evidence: 'program status: idle', since: now - 5_000 },
  },
  {
    says: 'working is busy',
    facts: { program: program('working') },
    status: { state: 'busy', reason: '', evidence: 'program status: working', since: now - 5_000 },
  },
  {
    says: 'blocked waits, for what it names',
    facts: { program: program('blocked', { kind: 'permission', message: 'approve\u001b[2J Bash:\nls' }) },
    status: {
      state: 'waiting',
      reason: 'approve\u{fffd}[2J Bash: ls',
      evidence: 'program status: blocked',
      since: now - 5_000,
    },
  },
  {
    says: 'blocked without a message names its kind',
    facts: { program: program('blocked', { kind: 'permission' }) },
    status: {
      state: 'waiting',
      reason: 'asks for permission',
      evidence: 'program status: blocked',
      since: now - 5_000,
    },
  },
  {
    says: 'blocked of a kind that nobody knows waits for you',
    facts: { program: program('blocked', { kind: 'constructor' }) },
    status: { state: 'waiting', reason: 'waits for you', evidence: 'program status: blocked', since: now - 5_000 },
  },
  {
    says: 'done is done',
    facts: { program: program('done') },
    status: { state: 'done', reason: '', evidence: 'program status: done', since: now - 5_000 },
  },
  {
    says: 'error is failed, with its message',
    facts: { program: program('error', { message: 'API Error: 400' }) },
    status: { state: 'failed', reason: 'API Error: 400', evidence: 'program status: error', since: now - 5_000 },
  },
  {
    says: 'clear is no word: the title decides',
    facts: { program: program('clear'), title: '◐ Working' },
    screen: dialog,
    status: { state: 'busy', reason: '', evidence: 'title: spinner', since: now - 40_000 },
  },
  {
    says: 'the screen is believed before the clock',
    facts: { lastOutputAt: now - 500 },
    screen: dialog,
    status: { state: 'waiting', reason: 'asks about the key', evidence: 'screen: key dialog', since: now - 500 },
  },
  {
    says: 'a rule needs all its lines',
    facts: { lastOutputAt: now - 500 },
    screen: dialog.slice(1),
    status: { state: 'busy', reason: '', evidence: 'output in the last 5 s', since: now - 500 },
  },
  {
    says: 'silence is not known to be anything',
    facts: {},
    status: {
      state: 'unknown',
      reason: 'no output for 40 s',
      evidence: 'running, without a signal of its own',
      since: now - 40_000,
    },
  },
  {
    says: 'a program that has just been started is starting',
    facts: { startedAt: now - 500, lastOutputAt: null },
    status: { state: 'starting', reason: '', evidence: 'no output yet', since: now - 500 },
  },
  {
    says: 'a program that has drawn nothing yet is starting, whatever it asked its terminal',
    facts: { startedAt: now - 60_000, lastOutputAt: now - 500 },
    screen: ['', '   '],
    status: { state: 'starting', reason: '', evidence: 'nothing on its screen yet', since: now - 60_000 },
  },
  {
    says: 'but not for ever',
    facts: { startedAt: now - 121_000, lastOutputAt: now - 100_000 },
    screen: ['', '   '],
    status: {
      state: 'unknown',
      reason: 'no output for 1 min',
      evidence: 'running, without a signal of its own',
      since: now - 100_000,
    },
  },
  {
    says: 'a program that never said anything is unknown',
    facts: { startedAt: now - 7_300_000, lastOutputAt: null },
    status: {
      state: 'unknown',
      reason: 'silent since its start, 2 h',
      evidence: 'running, without a signal of its own',
      since: now - 7_300_000,
    },
  },
  {
    says: 'a clock that was set back does not hurt',
    facts: { lastOutputAt: now + 60_000 },
    status: { state: 'busy', reason: '', evidence: 'output in the last 5 s', since: now + 60_000 },
  },
])('$says', ({ facts: changes, screen = null, endsByItself = false, status }) => {
  expect(deriveStatus({ facts: facts(changes), screen, rules, words: null, now, endsByItself })).toEqual(status);
});

test('a program of which no screen is known may read without a word', () => {
  const silent = { facts: facts({ startedAt: now - 20_000, lastOutputAt: null }), screen: [''], words: null, now };
  const status = deriveStatus({ ...silent, rules: { screenRules: [] }, endsByItself: true });
  expect(status).toMatchObject({ state: 'unknown', reason: 'silent since its start, 20 s' });
});

test('a reason is cut to fit a list, between characters', () => {
  const message = '🙂'.repeat(300);
  const status = deriveStatus({
    facts: facts({ program: program('blocked', { message }) }),
    screen: null,
    rules,
    words: null,
    now,
    endsByItself: false,
  });
  expect(status.reason).toBe('🙂'.repeat(200));
});

test.each([
  { says: 'a prompt that was just taken', promptAt: now - 1_000, status: { state: 'busy', since: now - 1_000 } },
  {
    says: 'what comes after a prompt',
    promptAt: now - 3_000,
    status: { state: 'waiting', evidence: 'screen: key dialog' },
  },
  { says: 'a prompt from before', promptAt: now - 9_000, status: { state: 'failed', evidence: 'its records' } },
])('a failure in the records gives way to $says', ({ promptAt, status }) => {
  const failed = { state: 'failed' as const, reason: 'overloaded', at: now - 5_000 };
  const words = { ...noWords, state: failed, promptAt };
  const input = { facts: facts(), screen: dialog, rules, words, now, endsByItself: false };
  expect(deriveStatus(input)).toMatchObject(status);
});

const titled = { ...rules, restTitle: /^◇ / };

test.each([
  {
    says: 'a turn that was answered is done',
    turn: { is: 'answered', at: now - 240 },
    state: 'done',
    since: now - 240,
  },
  { says: 'a turn that was stopped is told by the screen', turn: { is: 'stopped', at: now - 240 }, state: 'waiting' },
  { says: 'of an open turn the record may say more', turn: { is: 'open', at: now - 5_000 }, state: 'busy' },
  {
    says: 'an older message may have been followed by a denial',
    turn: { is: 'answered', at: now - 5_000 },
    state: 'busy',
  },
  {
    says: 'nothing is believed that came before the start',
    turn: { is: 'answered', at: now - 200_000 },
    state: 'waiting',
  },
] as const)('a title of rest: $says', ({ turn, says: _, ...status }) => {
  const words = { ...noWords, turn };
  const resting = facts({ title: '◇  Ready', titleAt: now - 200 });
  const input = { facts: resting, screen: dialog, rules: titled, words, now, endsByItself: false };
  expect(deriveStatus(input)).toMatchObject(status);
  const later = deriveStatus({ ...input, now: now + 2_000 });
  if (turn.is === 'answered' && turn.at > resting.startedAt) expect(later.state).toBe('done');
  else expect(later.state).toBe('waiting');
});

test.each([
  { says: 'its records have told nothing yet', state: null, at: now - 100, status: 'busy' },
  { says: 'its records tell why', state: 'overloaded', at: now - 100, status: 'failed' },
  { says: 'its records are silent for long', state: null, at: now - 500, status: 'failed' },
])('a program that reports an error: $says', ({ state, at, status }) => {
  const failed = state === null ? null : { state: 'failed' as const, reason: state, at };
  const words = { ...noWords, state: failed };
  const input = {
    facts: facts({ program: program('error', { at }) }),
    screen: null,
    rules,
    words,
    now,
    endsByItself: false,
  };
  expect(deriveStatus(input)).toMatchObject({
    state: status,
    reason: state ?? (status === 'busy' ? '' : 'reports an error'),
  });
});

test('a failure in the records gives way to what the program says of itself later', () => {
  const words = {
    ...noWords,
    state: { state: 'failed' as const, reason: 'overloaded', at: now - 5_000 },
    promptAt: now - 100,
  };
  const asking = facts({ program: program('blocked', { at: now - 50 }) });
  const input = { facts: asking, screen: null, rules, words, now, endsByItself: false };
  expect(deriveStatus(input)).toMatchObject({ state: 'waiting' });
  expect(
    deriveStatus({
      ...input,
      facts: { ...asking, program: program('idle', { at: now - 50 }) },
      words: { ...words, promptAt: null },
    }),
  ).toMatchObject({ state: 'idle' });
});

test('records that say it rests and has answered make it done; a prompt since then does not', () => {
  const words = { ...noWords, state: { state: 'idle' as const, reason: '', at: now - 4_000 }, answerAt: now - 4_100 };
  const input = { facts: facts(), screen: null, rules, words, now, endsByItself: false };
  expect(deriveStatus({ ...input, words: { ...words, promptAt: now - 9_000 } })).toMatchObject({
    state: 'done',
    since: now - 4_100,
  });
  expect(deriveStatus({ ...input, words: { ...words, promptAt: now - 4_050 } })).toMatchObject({ state: 'idle' });
});

test('a notice that it waits, told later than the answer and older than that, does not keep it waiting', () => {
  const answered = hearReport(noWords, { type: 'answer', at: now - 4_000 });
  const words = hearReport(answered, { type: 'state', state: 'waiting', reason: 'permission', at: now - 4_100 });
  const input = { facts: facts(), screen: null, rules, words, now, endsByItself: false };
  expect(deriveStatus(input)).toMatchObject({ state: 'done', since: now - 4_000 });
  // One that it gave after its answer counts; one of before changes nothing.
  const asking = hearReport(words, { type: 'state', state: 'waiting', reason: 'permission', at: now - 3_000 });
  expect(deriveStatus({ ...input, words: asking })).toMatchObject({ state: 'waiting', reason: 'permission' });
  const late = hearReport(asking, { type: 'state', state: 'waiting', reason: 'permission', at: now - 4_200 });
  expect(late).toBe(asking);
});

test('a limit says until when, and counts down; other states have their name', () => {
  const limited: SessionStatus = { state: 'limited', reason: '', evidence: 'e', since: 0, until: now + 12 * 60_000 };
  expect(stateWord(limited, now)).toMatch(/^limited until \d\d:\d\d, 12m left$/);
  expect(stateWord({ ...limited, until: null }, now)).toBe('limited');
  expect(stateWord({ ...limited, state: 'busy' }, now)).toBe('busy');
});

test('a dialog that a program puts up when it says that it is at rest, or after a failure in its records, is what counts', () => {
  const over = { screenRules: [{ ...rules.screenRules[0]!, isOverTitle: true }] };
  const words = { ...noWords, state: { state: 'failed' as const, reason: 'no key', at: now - 6_000 } };
  const input = { facts: facts({ program: program('done') }), screen: dialog, rules: over, words, now };
  expect(deriveStatus({ ...input, endsByItself: false })).toMatchObject({
    state: 'waiting',
    reason: 'asks about the key',
  });
  const answered = { ...input, screen: ['nothing'], words: noWords };
  expect(deriveStatus({ ...answered, endsByItself: false })).toMatchObject({ state: 'done' });
});

describe('a dialog at a limit', () => {
  const limited: ScreenRule = {
    ...{ name: 'limit dialog', state: 'limited', reason: 'asks whether to go on', lines: [/^Limit\b/] },
    ...{ isOverTitle: true, untilTime: /^Resets at (\S+)/, retryKeys: '1' },
  };
  const begun = Date.parse('2026-07-01T13:00');
  const until = Date.parse('2026-07-01T14:05');
  const at = (time: number, screen: readonly string[], changes: Partial<SessionFacts> = {}) =>
    deriveStatus({
      facts: facts({ title: '◐ works', titleAt: begun, startedAt: begun, lastOutputAt: begun + 5_000, ...changes }),
      ...{ screen, rules: { ...rules, screenRules: [limited] }, words: null, now: time, endsByItself: false },
    });
  const told = { reason: 'asks whether to go on', evidence: 'screen: limit dialog', since: begun + 5_000 };

  test('is a limit until the time that it tells, and asks a person then', () => {
    const dialog = ['Limit reached.', 'Resets at 14:05'];
    const open = { ...told, until, retryKeys: '1' };
    expect(at(until - 1, dialog)).toEqual({ ...open, state: 'limited' });
    expect(at(until, dialog)).toEqual({ ...open, state: 'waiting' });
    // Drawn anew by then, in another size.
    const drawn = { lastOutputAt: until + 60_000 };
    expect(at(until + 90_000, dialog, drawn)).toMatchObject({ state: 'waiting', until });
  });

  test('that tells no time is a limit for as long as it is there', () => {
    expect(at(until + 86_400_000, ['Limit reached.'])).toEqual({
      ...told,
      state: 'limited',
      until: null,
      retryKeys: '1',
    });
    expect(at(until, ['going on'])).toMatchObject({ state: 'busy' });
  });
});
