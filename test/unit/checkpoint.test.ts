import { expect, test } from 'vitest';
import { whyNotAtRest } from '../../src/app/supervisor/at-rest.ts';
import { type Checkpoint, lastUnlike, outlived, readRef, refOf } from '../../src/domain/checkpoint.ts';
import type { Run } from '../../src/domain/run.ts';
import type { SessionState, SessionStatus } from '../../src/domain/session.ts';

const dayMs = 86_400_000;
const now = 100 * dayMs;

const made = (number: number, daysAgo: number, more: Partial<Checkpoint> = {}): Checkpoint => ({
  ...{ run: 'fg-1-1', kind: 'checkpoints', number, why: 'a prompt', commit: `c${number}`, content: `s${number}` },
  ...{ head: null, files: 1, leftOut: [], at: now - daysAgo * dayMs, ...more },
});

test('the name of a ref says whose it is, and is read back', () => {
  expect(refOf(made(3, 0))).toBe('refs/forge/checkpoints/fg-1-1/3');
  expect(readRef('refs/forge/kept/fg-1-1/12')).toEqual({ kind: 'kept', run: 'fg-1-1', number: 12 });
  expect(readRef('refs/forge/kept/fg-1-1/fork-ab12')).toBeNull();
});

test('what is the same as what is there brings nothing back', () => {
  expect(lastUnlike([made(1, 0), made(2, 0), made(3, 0)], 's3')?.number).toBe(2);
  expect(lastUnlike([made(3, 0)], 's3')).toBeUndefined();
});

test('old ones go, and those beyond the number; the newest of a live run stays', () => {
  const gone = (all: Checkpoint[], isLive: boolean) =>
    outlived(all, { days: 30, perRun: 2, now, isLive: () => isLive }).map(({ kind, number }) => `${kind} ${number}`);
  const all = [made(1, 50), made(2, 40), made(3, 31)];
  expect(gone(all, false)).toEqual(['checkpoints 1', 'checkpoints 2', 'checkpoints 3']);
  expect(gone(all, true)).toEqual(['checkpoints 1', 'checkpoints 2']);
  expect(gone([made(1, 3), made(2, 2), made(3, 1)], true)).toEqual(['checkpoints 1']);
  const kept = [1, 2, 3].map((number) => made(number, 1, { kind: 'kept' }));
  expect(gone(kept, false)).toEqual([]);
});

const run = (more: Partial<Run>) => ({ id: 'fg-1-1', worktree: '/w', status: 'working', ...more }) as Run;
const doing = (state: SessionState) => ({ state }) as SessionStatus;

test.each([
  ['an agent at work', run({}), doing('busy'), 'forge pause fg-1-1'],
  ['an agent that asks something', run({}), doing('waiting'), 'forge pause fg-1-1'],
  ['a program that says nothing', run({}), doing('unknown'), 'forge pause fg-1-1'],
  ['gates that run', run({ status: 'gating' }), doing('idle'), 'forge pause fg-1-1'],
  ['a paused agent that has not stopped', run({ status: 'paused' }), doing('busy'), 'Try again in a moment.'],
])('%s: the worktree is not taken back, and the next step is said', (_, subject, status, next) => {
  expect(whyNotAtRest(subject, [subject], status)?.next).toContain(next);
});

test('it is taken back while nobody is at work there', () => {
  for (const state of ['idle', 'done', 'failed', 'limited', 'exited'] as const) {
    expect(whyNotAtRest(run({}), [run({})], doing(state))).toBeNull();
  }
  expect(whyNotAtRest(run({ status: 'paused' }), [], doing('unknown'))).toBeNull();
  expect(whyNotAtRest(run({ status: 'done' }), [], null)).toBeNull();
  const other = run({ id: 'fg-1-2' });
  expect(whyNotAtRest(run({ status: 'done' }), [other], null)?.message).toContain('fg-1-2 works in that worktree');
});
