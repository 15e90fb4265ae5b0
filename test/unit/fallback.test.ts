import { describe, expect, test } from 'vitest';
import type { AgentDefinition } from '../../src/domain/agent.ts';
import { nextInChain, type Trouble, type TroubleScene, troubleOf } from '../../src/domain/fallback.ts';
import type { SessionFacts, SessionStatus } from '../../src/domain/session.ts';

const now = 10_000_000;
const minute = 60_000;

const status = (more: Partial<SessionStatus>): SessionStatus => ({
  ...{ state: 'busy', reason: '', evidence: '', since: now - minute },
  ...more,
});
const facts = (more: Partial<SessionFacts> = {}) => ({ lastInputAt: null, program: null, ...more }) as SessionFacts;
const limited = (until: number | null) => status({ state: 'limited', reason: 'full', until });
const failed = status({ state: 'failed', reason: 'API Error: 500' });
const someone: Trouble = { cause: 'failure', reason: 'It failed: API Error: 500.' };

const rows: [string, Partial<TroubleScene>, ReturnType<typeof troubleOf>][] = [
  ['one that works has none', {}, null],
  ['an error that stands', { status: failed }, someone],
  ['an error that has just come may pass', { status: { ...failed, since: now - 1_000 } }, null],
  ['an error from before the run went on is over', { status: failed, sinceAt: now - 1 }, null],
  ['a short limit is waited for', { status: limited(now + minute) }, null],
  [
    'a long one is not',
    { status: limited(now + 20 * minute) },
    { cause: 'limit', reason: 'Its provider takes no more: full.' },
  ],
  [
    'nor one without an end',
    { status: limited(null) },
    { cause: 'limit', reason: 'Its provider takes no more: full.' },
  ],
  ['the settings say how long', { status: limited(now + 20 * minute), definition: { limitWaitMs: 60 * minute } }, null],
  [
    'a program that tries again in spite of its limit is at work',
    {
      status: limited(null),
      facts: facts({ program: { state: 'working', app: '', kind: null, message: null, at: now } }),
    },
    null,
  ],
  ['silence', { silentSince: now - 12 * minute }, { cause: 'timeout', reason: 'It gave no sign of work for 12m.' }],
  ['whoever types is not interrupted', { status: failed, facts: facts({ isDrafting: true }) }, null],
  ['nor who has typed just now', { status: failed, facts: facts({ lastInputAt: now - 9_000 }) }, null],
  [
    'what Forge typed was no person',
    { status: failed, facts: facts({ lastInputAt: 7, marked: { mark: '1', at: 7 } }) },
    someone,
  ],
  ['who typed long ago has gone', { status: failed, facts: facts({ lastInputAt: now - 2 * minute }) }, someone],
];

describe('why a run should go on with another agent', () => {
  test.each(rows)('%s', (_name, scene, trouble) => {
    const base = { definition: {}, status: status({}), facts: facts(), silentSince: null, sinceAt: 0, now };
    expect(troubleOf({ ...base, ...scene })).toEqual(trouble);
  });
});

describe('the next of a chain', () => {
  const agent = (name: string, fallback?: string): AgentDefinition => ({
    ...{ name, adapter: 'command', command: [], env: {} },
    ...(fallback === undefined ? {} : { fallback }),
  });
  const agents = [agent('a', 'b'), agent('b', 'c'), agent('c')];

  test.each([
    ['a', [], 'b'],
    ['b', [], 'c'],
    ['c', [], null],
    ['a', ['b'], 'c'],
    ['a', ['b', 'c'], null],
    ['gone', [], null],
  ])('after %s, with no room for %j: %s', (name, full, next) => {
    expect(nextInChain(agents, name, (other) => !full.includes(other))).toBe(next);
  });

  test('settings that changed meanwhile to a circle end it', () => {
    expect(nextInChain([agent('a', 'b'), agent('b', 'a')], 'a', () => false)).toBeNull();
  });
});
