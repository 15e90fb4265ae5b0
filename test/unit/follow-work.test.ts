import { expect, test } from 'vitest';
import { type Standing, standingOf } from '../../src/app/views/follow-work.ts';
import { nextSteps } from '../../src/domain/next-steps.ts';
import { type Run, runStatuses } from '../../src/domain/run.ts';
import type { SessionView } from '../../src/domain/session.ts';
import type { TaskView } from '../../src/domain/task.ts';

// When nothing more can be done without a person: a command that follows runs ends then.

type Told = { status: Run['status']; reason?: string; state?: string };

function view(runs: Record<string, Told>) {
  const ids = Object.keys(runs);
  return {
    tasks: ids.map(
      (id) => ({ id, status: 'open', isReady: true, blockedBy: [], priority: 2, createdAt: 0 }) as unknown as TaskView,
    ),
    runs: ids.map(
      (id) => ({ id: `${id}-1`, task: id, session: `${id}-1.s`, reason: '', createdAt: 0, ...runs[id] }) as Run,
    ),
    sessions: ids.flatMap((id) =>
      runs[id].state
        ? [{ id: `${id}-1.s`, status: { state: runs[id].state, reason: '' } } as unknown as SessionView]
        : [],
    ),
  };
}

test.each<[string, Record<string, Told>, Standing]>([
  ['an agent works', { a: { status: 'working', state: 'busy' } }, 'moving'],
  ['gates run', { a: { status: 'gating' }, b: { status: 'failed' } }, 'moving'],
  ['an agent asks something', { a: { status: 'working', state: 'waiting' } }, 'needs-person'],
  ['an agent has answered and is open', { a: { status: 'working', state: 'idle' } }, 'needs-person'],
  ['its provider takes no more for now', { a: { status: 'working', state: 'limited' } }, 'moving'],
  ['all are done or delivered', { a: { status: 'done' }, b: { status: 'awaiting' } }, 'well'],
  ['one has failed', { a: { status: 'done' }, b: { status: 'failed' } }, 'failed'],
  ['one was cancelled', { a: { status: 'cancelled' } }, 'failed'],
  ['one has failed and another is paused', { a: { status: 'failed' }, b: { status: 'paused' } }, 'needs-person'],
  [
    'one waits for one that failed',
    { a: { status: 'failed' }, b: { status: 'queued', reason: 'Waits for a.' } },
    'failed',
  ],
  [
    'one waits for one that is paused',
    { a: { status: 'paused' }, b: { status: 'queued', reason: 'Waits for a.' } },
    'needs-person',
  ],
  ['one waits for a task that nobody works on', { a: { status: 'queued', reason: 'Waits for c.' } }, 'needs-person'],
  ['one waits for a moment', { a: { status: 'queued' } }, 'moving'],
  ['nothing was dispatched', {}, 'well'],
])('%s: %o is %s', (_name, runs, expected) => {
  expect(standingOf(view(runs), new Set(['a', 'b'])).standing).toBe(expected);
});

test('what waits for work of others is followed on; their work itself is not', () => {
  const others = view({
    a: { status: 'queued', reason: 'Waits for an idle worker.' },
    z: { status: 'working', state: 'busy' },
  });
  expect(standingOf(others, new Set(['a']))).toMatchObject({ standing: 'moving', runs: [{ id: 'a-1' }] });
  expect(standingOf(others, new Set()).standing).toBe('well');
});

test('each state but done has a next step', () => {
  const run = { id: 'a-1', task: 'a', session: 'a-1.s', branch: 'b' };
  const without = runStatuses.filter((status) => nextSteps({ ...run, status }).length === 0);
  expect(without).toEqual(['done']);
});
