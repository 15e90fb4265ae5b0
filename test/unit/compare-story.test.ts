import { expect, test } from 'vitest';
import { compareStory } from '../../src/conformance/compare-story.ts';
import type { StoryEntry } from '../../src/conformance/recording.ts';
import type { SessionState } from '../../src/domain/session.ts';

const story: StoryEntry[] = [
  { at: 1_000, state: 'busy', because: 'asked' },
  { at: 3_000, state: 'waiting', reason: 'allow', because: 'wanted a tool' },
  { at: 5_000, state: 'done', because: 'answered' },
];

type Look = [at: number, state: SessionState, reason?: string, since?: number];

function compare(looks: Look[], told = story): string[] {
  const seen = looks.map(([at, state, reason = '', since = at]) => ({
    at,
    status: { state, reason, evidence: 'a test', since },
  }));
  return compareStory({ story: told, startedAt: 0 }, { seen, last: seen.at(-1)! });
}

const right: Look[] = [
  [50, 'starting'],
  [1_200, 'busy'],
  [3_050, 'waiting', 'allow it?'],
  [5_400, 'done'],
];

test('what is seen in time, in order and alone is right', () => {
  expect(compare(right)).toEqual([]);
  expect(compare([...right, [8_000, 'idle']])).toEqual([]);
});

test('a program that starts may be called what it likes, but for what a person would act on', () => {
  expect(compare([[60, 'idle'], [700, 'unknown'], ...right.slice(1)])).toEqual([]);
  expect(compare([[60, 'done'], ...right.slice(1)])).toEqual(['0.06 s: it was done by a test before it had begun']);
});

test('on its way a program may be at work, and a model server may hear of it a moment late', () => {
  expect(compare([...right.slice(0, 3), [5_050, 'busy'], [5_300, 'done']])).toEqual([]);
  expect(compare([...right.slice(0, 3), [4_850, 'done']])).toEqual([]);
});

test.each<{ says: string; looks: Look[]; problem: string }>([
  {
    says: 'late',
    looks: [...right.slice(0, 3), [5_700, 'done']],
    problem: '5.00 s: answered: done was seen 700 ms late',
  },
  {
    says: 'missed',
    looks: [...right.slice(0, 3), [5_400, 'idle']],
    problem: '5.00 s: answered: done was missed; seen: waiting (allow it?) by a test, idle by a test',
  },
  {
    says: 'told with another reason',
    looks: [...right.slice(0, 2), [3_050, 'waiting', 'log in'], [5_400, 'done']],
    problem: '3.00 s: wanted a tool: waiting (allow) was missed; seen: busy by a test, waiting (log in) by a test',
  },
  {
    says: 'invented on the way',
    looks: [...right.slice(0, 3), [5_100, 'idle'], [5_300, 'done']],
    problem: '5.10 s: idle by a test was invented, after: 5.00 s: answered: done',
  },
  {
    says: 'invented afterwards',
    looks: [...right, [9_000, 'busy']],
    problem: '9.00 s: busy by a test was invented, after: 5.00 s: answered: done',
  },
])('what is $says is told', ({ looks, problem }) => {
  expect(compare(looks)).toEqual([problem]);
});

test('a program that hangs must say since when it is at work', () => {
  const hangs = story.slice(0, 1);
  expect(compare(right.slice(0, 2), hangs)).toEqual([]);
  expect(compare([[1_200, 'busy', '', 20_000]], hangs)).toEqual([
    '1.00 s: it is at work since then, and says so of 19000 ms later',
  ]);
});
