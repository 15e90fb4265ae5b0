import { expect, test } from 'vitest';
import { type AgentWords, hearReport, noWords } from '../../src/domain/agent-words.ts';
import type { InputScreen } from '../../src/domain/input-screen.ts';
import type { Message } from '../../src/domain/message.ts';
import type { MessageScene } from '../../src/domain/message-scene.ts';
import { nextStep } from '../../src/domain/message-step.ts';
import type { ProgramStatus, SessionFacts, SessionState, SessionStatus } from '../../src/domain/session.ts';

const now = 1_000_000;
const mark = /^❯\s*/;

function status(state: SessionState, since = now - 5_000, reason = ''): SessionStatus {
  return { state, reason, evidence: 'e', since };
}

function facts(more: Partial<SessionFacts> = {}): SessionFacts {
  return {
    ...{ id: 's', labels: {}, command: ['a'], cwd: '/w', pid: 7, cols: 80, rows: 24, startedAt: now - 60_000 },
    ...{ lastOutputAt: now - 9_000, lastInputAt: null, bellAt: null, title: '', program: null, endedAt: null },
    ...{ exitCode: null, signal: null, isLost: false, isDrafting: false, marked: null, ...more },
  };
}

function program(state: ProgramStatus['state'], at: number): ProgramStatus {
  return { state, app: 'a', kind: null, message: null, at };
}

function screen(line: string, { behind = '', isPasteOn = true } = {}): InputScreen {
  return { rows: [line + behind], before: [line], behind, isPasteOn };
}

function scene(message: Partial<Message>, more: Partial<MessageScene> = {}): MessageScene {
  const base = { id: 1, session: 's', text: 'fix it', state: 'queued' as const, note: '', actor: 'ada' };
  const times = { createdAt: now - 20_000, typedAt: null, acceptedAt: null, answeredAt: null };
  return {
    message: { ...base, ...times, ...message },
    ...{ facts: facts(), status: status('idle'), words: null, screen: screen('❯ '), inputMark: mark, inputHint: null },
    ...{
      tellsPrompts: false,
      isTold: true,
      sent: null,
      wasSeen: false,
      typings: 1,
      leftover: null,
      isBehind: false,
      isPaused: false,
      mayGoOn: false,
      watchedSince: now - 60_000,
      now,
      ...more,
    },
  };
}

/** Its text stands in the input, so long after the second Enter. */
function standsFor(ms: number): Partial<MessageScene> {
  return { sent: { step: 'again', at: now - ms }, screen: screen('❯ fix it'), wasSeen: true };
}

/** Its records, in which it has taken one prompt. */
function took(at: number, text = 'fix it'): AgentWords {
  return hearReport(noWords, { type: 'prompt', key: 'p', text, at });
}

const wait = (note: string | RegExp = '') => ({ do: 'wait', note: note === '' ? '' : expect.stringMatching(note) });
const failed = (note: RegExp) => ({ do: 'become', state: 'failed', note: expect.stringMatching(note), at: now });
const accepted = (at: number) => ({ do: 'become', state: 'accepted', note: '', at });
const answered = (at: number) => ({ do: 'become', state: 'answered', note: '', at });

test.each<{ says: string; given: Partial<MessageScene>; step: object; text?: string }>([
  { says: 'an idle program is typed to', given: {}, step: { do: 'type' } },
  { says: 'and one that has answered', given: { status: status('done') }, step: { do: 'type' } },
  {
    says: 'not in the moment it comes to rest',
    given: { status: status('idle', now - 100) },
    step: wait(/come to rest/),
  },
  { says: 'not at work', given: { status: status('busy') }, step: wait(/at work/) },
  {
    says: 'not into a question',
    given: { status: status('waiting', 0, 'approve it') },
    step: wait(/person: approve it/),
  },
  {
    says: 'not before it has taken what it was started with',
    given: { facts: facts({ labels: { run: 'r' }, startedAt: now - 9_000 }), tellsPrompts: true },
    step: wait(/first prompt/),
  },
  {
    says: 'nor one that goes on before it has taken that, whatever it took in its former session',
    given: {
      facts: facts({ labels: { run: 'r' }, startedAt: now - 9_000 }),
      tellsPrompts: true,
      words: took(now - 10_000),
    },
    step: wait(/first prompt/),
  },
  {
    says: 'one that is old and tells of none is typed to',
    given: { facts: facts({ labels: { run: 'r' }, startedAt: now - 90_000 }), tellsPrompts: true },
    step: { do: 'type' },
  },
  { says: 'not while it starts', given: { status: status('starting') }, step: wait(/starting/) },
  { says: 'not at a limit', given: { status: status('limited') }, step: wait(/takes no more/) },
  {
    says: 'not when it shows a failure',
    given: { status: status('failed', 0, 'no network') },
    step: wait(/no network/),
  },
  {
    says: 'after an error of its provider it is at its prompt',
    given: { status: status('failed'), facts: facts({ program: program('error', now - 5_000) }) },
    step: { do: 'type' },
  },
  {
    says: 'also by its records alone',
    given: { status: status('failed'), words: { ...noWords, state: { state: 'failed', reason: '', at: now - 5_000 } } },
    step: { do: 'type' },
  },
  {
    says: 'but not in the moment it fails',
    given: { status: status('failed', now - 100), facts: facts({ program: program('error', now - 100) }) },
    step: wait(/just failed/),
  },
  {
    says: 'silence of a program with signals says nothing',
    given: { status: status('unknown') },
    step: wait(/not say/),
  },
  {
    says: 'silence of another is readiness',
    given: { status: status('unknown'), isTold: false },
    step: { do: 'type' },
  },
  {
    says: 'but not on an empty screen',
    given: { status: status('unknown'), isTold: false, screen: screen('') },
    step: wait(/shows nothing/),
  },
  {
    says: 'and not right after its start',
    given: { status: status('unknown'), isTold: false, facts: facts({ startedAt: now - 8_000 }) },
    step: wait(/just been started/),
  },
  {
    says: 'not behind a draft',
    given: { facts: facts({ isDrafting: true }), screen: null },
    step: wait(/begun to type/),
  },
  { says: 'not behind text in the input', given: { screen: screen('❯ half a') }, step: wait(/text in its input/) },
  { says: 'not right behind a key', given: { facts: facts({ lastInputAt: now - 300 }) }, step: wait(/just typed/) },
  {
    says: 'an input that is seen to be empty is no draft',
    given: { facts: facts({ isDrafting: true }) },
    step: { do: 'type' },
  },
  {
    says: 'with a hint behind the cursor it may be one',
    given: { facts: facts({ isDrafting: true }), screen: screen('❯ ', { behind: 'Try this' }) },
    step: wait(/begun to type/),
  },
  {
    says: 'with the hint of an empty input it is none',
    given: {
      facts: facts({ isDrafting: true }),
      screen: screen('❯ ', { behind: '  Try this ' }),
      inputHint: /^Try this$/,
    },
    step: { do: 'type' },
  },
  {
    says: 'not behind a prompt that failed there',
    given: { leftover: 'stuck', screen: screen('> stuck'), inputMark: null },
    step: wait(/still stands/),
  },
  { says: 'not while its run is paused', given: { isPaused: true }, step: wait(/run is paused/) },
  { says: 'not before the one before it is answered', given: { isBehind: true }, step: wait(/being answered/) },
  {
    says: 'an older host tells of no drafts',
    given: { facts: { ...facts(), isDrafting: undefined } },
    step: { do: 'type' },
  },
  { says: 'the session has ended', given: { facts: facts({ endedAt: now }) }, step: failed(/ended before/) },
  {
    says: 'the session has ended, and its run can go on in another',
    given: { facts: facts({ endedAt: now }), mayGoOn: true },
    step: wait(/when the run goes on/),
  },
  {
    says: 'several lines without pastes',
    given: { screen: screen('$ ', { isPasteOn: false }) },
    text: 'a\nb',
    step: failed(/takes no pastes/),
  },
])('queued: $says', ({ given, step, text = 'fix it' }) => {
  expect(nextStep(scene({ text }, given))).toEqual(step);
});

const text = { step: 'text', at: now - 500 } as const;
test.each<{ says: string; given: Partial<MessageScene>; step: object }>([
  { says: 'nothing was typed yet', given: {}, step: { do: 'type' } },
  {
    says: 'nothing was typed, and it works now',
    given: { status: status('busy') },
    step: { do: 'become', state: 'queued', note: 'it is at work', at: now },
  },
  { says: 'nobody knows', given: { sent: 'unknown' }, step: failed(/may have been sent/) },
  { says: 'the text has not appeared', given: { sent: text }, step: wait() },
  { says: 'the text is there', given: { sent: text, screen: screen('❯ fix it') }, step: { do: 'enter' } },
  {
    says: 'a question came up',
    given: { sent: text, screen: screen('❯ fix it'), status: status('waiting') },
    step: wait(/question/),
  },
  {
    says: 'a question came up at a limit',
    given: {
      ...{ sent: text, screen: screen('❯ fix it') },
      status: { ...status('limited', 0, 'asks whether to keep trying'), until: null, retryKeys: null },
    },
    step: wait(/question/),
  },
  { says: 'it never appears', given: { sent: { step: 'text', at: now - 3_000 } }, step: { do: 'enter' } },
  {
    says: 'it does not appear in a program without signals',
    given: { sent: { step: 'text', at: now - 3_000 }, isTold: false },
    step: wait(/not appeared/),
  },
  {
    says: 'it never appears there',
    given: { sent: { step: 'text', at: now - 10_000 }, isTold: false },
    step: failed(/Enter was not pressed/),
  },
  {
    says: 'somebody types behind it',
    given: { sent: text, screen: screen('❯ fix ithm'), facts: facts({ isDrafting: true, lastInputAt: now - 100 }) },
    step: wait(/types behind/),
  },
  {
    says: 'a draft that was there before is none',
    given: { sent: text, screen: screen('❯ fix it'), facts: facts({ isDrafting: true, lastInputAt: now - 900 }) },
    step: { do: 'enter' },
  },
  {
    says: 'somebody deleted it',
    given: { sent: { step: 'text', at: now - 3_000 }, facts: facts({ program: program('idle', now - 9_000) }) },
    step: { do: 'become', state: 'queued', note: expect.stringMatching(/went away/), at: now },
  },
  {
    says: 'somebody deleted it again and again',
    given: {
      sent: { step: 'text', at: now - 3_000 },
      facts: facts({ program: program('idle', now - 9_000) }),
      typings: 3,
    },
    step: { do: 'enter' },
  },
  {
    says: 'it works: a person pressed Enter behind it',
    given: { sent: text, facts: facts({ program: program('working', now - 100) }) },
    step: accepted(now - 100),
  },
  {
    says: 'its records say that a person pressed Enter',
    given: { sent: text, words: took(now - 100) },
    step: accepted(now - 100),
  },
  {
    says: 'another prompt was taken, which is no receipt of this one',
    given: { sent: text, screen: screen('❯ fix it'), words: took(now - 100, 'look at it') },
    step: { do: 'enter' },
  },
  {
    says: 'and it works on that one',
    given: {
      ...{ sent: text, screen: screen('❯ fix it'), words: took(now - 100, 'look at it') },
      facts: facts({ program: program('working', now - 100) }),
    },
    step: { do: 'enter' },
  },
  {
    says: 'the same words were taken, and these stand in the input',
    given: { sent: text, screen: screen('❯ fix it'), words: took(now - 100) },
    step: { do: 'enter' },
  },
  { says: 'the session has ended', given: { sent: text, facts: facts({ endedAt: now }) }, step: failed(/not pressed/) },
  {
    says: 'the session has ended, and its run can go on',
    given: { sent: text, facts: facts({ endedAt: now }), mayGoOn: true },
    step: { do: 'become', state: 'queued', note: expect.stringMatching(/before Enter/), at: now },
  },
  {
    says: 'it has ended just now, and its records may know',
    given: { sent: text, facts: facts({ endedAt: now - 2_000 }), tellsPrompts: true, mayGoOn: true },
    step: wait(/records/),
  },
  {
    says: 'they knew',
    given: { sent: 'unknown', words: took(now - 100), facts: facts({ endedAt: now }) },
    step: accepted(now - 100),
  },
])('typing: $says', ({ given, step }) => {
  expect(nextStep(scene({ state: 'typing', typedAt: now - 600 }, given))).toEqual(step);
});

const entered = (ms: number) => ({ sent: { step: 'enter', at: now - ms } as const });
test.each<{ says: string; given: Partial<MessageScene>; step: object }>([
  { says: 'Enter was not pressed yet', given: { sent: text }, step: { do: 'enter' } },
  { says: 'nobody knows', given: {}, step: failed(/may have been sent/) },
  {
    says: 'the program works',
    given: { ...entered(200), facts: facts({ program: program('working', now - 100) }) },
    step: accepted(now - 100),
  },
  {
    says: 'it worked before',
    given: { ...entered(200), facts: facts({ program: program('working', now - 300) }) },
    step: wait(),
  },
  {
    says: 'its title says so',
    given: { ...entered(200), status: status('busy', now - 100) },
    step: accepted(now - 100),
  },
  { says: 'its records say so', given: { ...entered(200), words: took(now) }, step: accepted(now) },
  {
    says: 'the same words were taken before it was typed',
    given: { ...entered(200), words: took(now - 13_000) },
    step: wait(),
  },
  {
    says: 'Enter was lost while another prompt was taken',
    given: {
      ...{ ...entered(2_000), screen: screen('❯ fix it'), wasSeen: true, words: took(now - 100, 'look at it') },
      facts: facts({ program: program('working', now - 100) }),
    },
    step: { do: 'again' },
  },
  {
    says: 'Enter was lost',
    given: { ...entered(2_000), screen: screen('❯ fix it'), wasSeen: true },
    step: { do: 'again' },
  },
  {
    says: 'somebody pressed Enter before Forge did',
    given: { ...entered(200), words: took(now - 300) },
    step: accepted(now - 300),
  },
  { says: 'the input is empty', given: { ...entered(2_000), wasSeen: true }, step: accepted(now - 2_000) },
  {
    says: 'Enter became a new line behind it',
    given: { ...entered(2_000), screen: { ...screen('  '), before: ['❯ fix it', '  '] }, wasSeen: true },
    step: { do: 'again' },
  },
  {
    says: 'its echo looks like work',
    given: { ...entered(200), status: status('busy', now - 100), screen: screen('❯ fix it') },
    step: wait(),
  },
  {
    says: 'the input is empty, and records that had the prompt before it do not have it',
    given: { ...entered(2_000), wasSeen: true, words: took(now - 15_000) },
    step: wait(),
  },
  {
    says: 'and never will',
    given: { ...entered(10_000), wasSeen: true, words: took(now - 19_000) },
    step: failed(/may have been sent/),
  },
  {
    says: 'nor has one that always has them, so far',
    given: { ...entered(29_000), wasSeen: true, tellsPrompts: true, words: took(now - 39_000) },
    step: wait(),
  },
  {
    says: 'and never will have it',
    given: { ...entered(30_000), wasSeen: true, tellsPrompts: true, words: took(now - 39_000) },
    step: failed(/may have been sent/),
  },
  {
    says: 'the input of a program without signals is empty',
    given: { ...entered(400), wasSeen: true, isTold: false },
    step: accepted(now - 400),
  },
  { says: 'nothing was ever seen', given: entered(9_000), step: wait() },
  { says: 'and never will be', given: entered(10_000), step: failed(/may have been sent/) },
  {
    says: 'Enter was lost twice',
    given: standsFor(8_000),
    step: failed(/stands in the input/),
  },
  {
    says: 'and one whose records will tell may read Enter late',
    given: { ...standsFor(27_000), tellsPrompts: true, words: took(now - 40_000) },
    step: wait(),
  },
  {
    says: 'but not for ever',
    given: { ...standsFor(28_000), tellsPrompts: true, words: took(now - 40_000) },
    step: failed(/stands in the input/),
  },
  {
    says: 'the program ended well with it',
    given: { ...entered(100), facts: facts({ endedAt: now, exitCode: 0 }) },
    step: accepted(now),
  },
  {
    says: 'the program was ended, as is seen after a restart, and its records are read',
    given: {
      ...{ ...entered(100), facts: facts({ endedAt: now - 9_000, signal: 9 }) },
      ...{ tellsPrompts: true, watchedSince: now - 1_000 },
    },
    step: wait(/records/),
  },
  {
    says: 'and its records had it',
    given: { ...entered(100), words: took(now - 50), facts: facts({ endedAt: now, signal: 9 }) },
    step: accepted(now - 50),
  },
  {
    says: 'the program was ended',
    given: { ...entered(100), facts: facts({ endedAt: now, signal: 9 }) },
    step: failed(/may have been sent/),
  },
])('typed: $says', ({ given, step }) => {
  expect(nextStep(scene({ state: 'typed', typedAt: now - 12_000 }, given))).toEqual(step);
});

test.each<{ says: string; given: Partial<MessageScene>; step: object }>([
  { says: 'it works', given: { status: status('busy') }, step: wait() },
  { says: 'it asks', given: { status: status('waiting', now, 'approve it') }, step: wait(/approve it/) },
  {
    says: 'it is idle in the next session, and has not gone on',
    given: {
      ...{ status: status('idle', now - 800), tellsPrompts: true },
      facts: facts({ labels: { run: 'r' }, startedAt: now - 1_500 }),
    },
    step: wait(/gone on/),
  },
  { says: 'it is done', given: { status: status('done', now - 10) }, step: answered(now - 10) },
  { says: 'it was done before', given: { status: status('done', now - 4_000) }, step: wait() },
  { says: 'it is idle', given: { status: status('idle', now - 800) }, step: answered(now - 800) },
  { says: 'it may go on in a moment', given: { status: status('idle', now - 100) }, step: wait() },
  {
    says: 'the program failed on it, and is at its prompt again',
    given: {
      status: status('failed', now - 10, 'bad thing'),
      facts: facts({ program: { state: 'error', app: 'x', kind: null, message: 'bad thing', at: now - 10 } }),
    },
    step: failed(/It was taken, and failed: bad thing/),
  },
  {
    says: 'its records say that it failed on it',
    given: {
      status: status('failed', now - 10, 'bad thing'),
      words: { ...noWords, state: { state: 'failed', reason: 'bad thing', at: now - 10 } },
    },
    step: failed(/It was taken, and failed: bad thing/),
  },
  {
    says: 'a rule for its screen calls it a failure',
    given: { status: status('failed', now - 10, 'red') },
    step: wait(/red/),
  },
  { says: 'its records say so', given: { words: { ...noWords, answerAt: now - 5 } }, step: answered(now - 5) },
])('accepted: $says', ({ given, step }) => {
  expect(nextStep(scene({ state: 'accepted', acceptedAt: now - 2_000 }, given))).toEqual(step);
});

test('accepted: a command that a program answers with nothing is over after a while', () => {
  expect(
    nextStep(scene({ state: 'accepted', acceptedAt: now - 6_000 }, { status: status('idle', now - 60_000) })),
  ).toEqual(answered(now));
});
