import { expect, test } from 'vitest';
import { type Action, findLoop } from '../../src/domain/loops.ts';
import { usedUp } from '../../src/domain/run-limits.ts';

type Did = [name: string, input: string, result: string, isError?: boolean];

const actionsOf = (all: readonly Did[]): Action[] =>
  all.map(([name, input, result, isError = false], at) => ({ key: `${at}`, name, input, result, isError, at }));
const times = (count: number, make: (at: number) => Did): Did[] => Array.from({ length: count }, (_, at) => make(at));

test.each<[says: string, did: Did[], found: string | null]>([
  ['nothing was done', [], null],
  [
    'the same call with the same result',
    times(4, () => ['Bash', 'npm test', 'not ok']),
    'Bash npm test was done 4 times in a row, with the same result.',
  ],
  ['not yet', times(3, () => ['Bash', 'npm test', 'not ok']), null],
  [
    'after other work',
    [['Read', 'a.ts', 'text'], ...times(4, (): Did => ['Bash', 'npm test', 'not ok'])],
    'Bash npm test was done 4 times in a row, with the same result.',
  ],
  [
    'the same error, whatever is called, at another line and time',
    times(4, (at) => ['Bash', `try ${at}`, `a.ts:${at}: no such oven (${at * 7} ms)`, true]),
    'The same error came 4 times in a row: a.ts:3: no such oven (21 ms)',
  ],
  [
    'two calls in turn',
    times(6, (at) => (at % 2 === 0 ? ['Edit', 'a', 'done'] : ['Edit', 'b', 'done'])),
    'Edit a and Edit b were done 3 times in turn, with the same results.',
  ],
  [
    'a build that takes its time is asked for and comes nearer',
    times(9, (at) => ['Bash', 'tail build.log', `${at * 10} %`]),
    null,
  ],
  ['fifty files are read in turn', times(50, (at) => ['Read', `file-${at}.ts`, 'export {};']), null],
  [
    'a test is run after each of many edits, and fails in another way',
    times(12, (at) => (at % 2 ? ['Bash', 'npm test', `${at} failed`] : ['Edit', `change ${at}`, 'done'])),
    null,
  ],
  [
    'each edit is another, though the test fails in the same way',
    times(12, (at) => (at % 2 ? ['Bash', 'npm test', 'not ok'] : ['Edit', `change ${at}`, 'done'])),
    null,
  ],
  [
    'searches that find nothing exit with status 1, each',
    times(9, (at) => ['Bash', `grep -r word-${at}`, 'Exit code 1', true]),
    null,
  ],
  [
    'texts that speak of errors, of calls that did not fail',
    times(8, (at) => ['Read', `log-${at}`, 'error: no such oven, is_error: true']),
    null,
  ],
  ['errors that differ', times(8, (at) => ['Bash', 'make', `no rule for ${'abcdefgh'[at]}`, true]), null],
  ['a loop that was left', [...times(4, (): Did => ['Bash', 'npm test', 'not ok']), ['Read', 'a.ts', 'text']], null],
])('%s', (_says, did, found) => {
  expect(findLoop(actionsOf(did))).toBe(found);
});

const action = (name: string, ms: number, result = 'pending', more: Partial<Action> = {}): Action => ({
  ...{ key: '', name, input: '', result, isError: false, ms, at: 0 },
  ...more,
});

test.each<[says: string, round: Action[]]>([
  [
    'a build that takes a minute and fails in the same way each time',
    [action('npm test', 60_000, 'not ok', { isError: true })],
  ],
  ['a pause, then a look at what is still pending', [action('sleep 30', 30_000), action('gh run view', 800)]],
  ['a look that waits by itself', [action('sleep 30; gh run view', 30_800)]],
  ['a look at what it has left running', [action('BashOutput', 3, 'still building', { isPoll: true })]],
  [
    'a server that is not up yet',
    [action('sleep 5; curl', 5_010, 'connection refused to the server', { isError: true })],
  ],
])('who waits is in no loop: %s', (_says, round) => {
  expect(findLoop(Array.from({ length: 12 }, () => round).flat())).toBeNull();
});

test('a permission that is refused again and again is a loop, whatever it was for', () => {
  const refused = (at: number) =>
    action('Bash', 5, 'Permission to use Bash has been denied.', { isError: true, input: `rm ${at}` });
  expect(findLoop([0, 1, 2, 3].map(refused))).toBe(
    'The same error came 4 times in a row: Permission to use Bash has been denied.',
  );
});

const none = { minutes: null, turns: null, tokens: null };

test.each([
  [none, { ms: 1e9, turns: 1e6, tokens: 1e9 }, null],
  [{ ...none, minutes: 60 }, { ms: 60 * 60_000 - 1, turns: 0, tokens: 0 }, null],
  [{ ...none, minutes: 60 }, { ms: 60 * 60_000, turns: 0, tokens: 0 }, 'It has taken 60 min (runLimits.minutes).'],
  [{ ...none, turns: 5 }, { ms: 0, turns: 5, tokens: 0 }, 'It has called its model 5 times (runLimits.turns: 5).'],
  [{ ...none, tokens: 100 }, { ms: 0, turns: 1, tokens: 120 }, 'It has used 120 tokens (runLimits.tokens: 100).'],
])('what a run may use: %j', (limits, used, reason) => {
  expect(usedUp(limits, used)).toBe(
    reason && `${reason} Let it go on for as much again, accept its work, or cancel it.`,
  );
});
