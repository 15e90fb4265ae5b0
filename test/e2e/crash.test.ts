import { expect, test } from 'vitest';
import { newTally, playWorld } from '../crash/rounds.ts';
import { playStep } from '../crash/steps.ts';

// A small part of `npm run crash`: docs/crash.md.

test('programs are killed at random instants, and nothing is lost, doubled or left over', async () => {
  const tally = newTally();
  await playWorld(1, 10, tally);
  expect(tally.rounds).toBe(10);
  expect(Object.values(tally.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
});

test.each(['event worktree.prepared before', 'session started before it is recorded'])(
  'the process that comes to the point “%s” ends there, and nothing is lost',
  async (point) => {
    expect(await playStep(point)).toBeNull();
  },
);
