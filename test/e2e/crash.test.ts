import { expect, test } from 'vitest';
import { newTally, playWorld } from '../crash/rounds.ts';
import { playStep } from '../crash/steps.ts';

// A small part of `npm run crash`: docs/crash.md.

test('programs are killed at random instants, and nothing is lost, doubled or left over', async () => {
  const tally = newTally();
  await playWorld(1, 6, tally);
  expect(tally.rounds).toBe(6);
  expect(Object.values(tally.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2);
});

test.each(['event worktree.prepared before', 'ensure ended before'])(
  'the process that comes to the point “%s” ends there, and nothing is lost',
  async (point) => {
    expect(await playStep(point)).toBeNull();
  },
);
