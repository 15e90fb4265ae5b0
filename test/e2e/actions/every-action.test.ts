import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../../src/ui/keymap/actions.ts';
import { panes } from './panes.ts';
import { Room } from './room.ts';
import { runs } from './runs.ts';
import { tasks } from './tasks.ts';
import { views } from './views.ts';

const rooms = { tasks, runs, panes, views };

test('every action has a story in one of the rooms, and every story an action', () => {
  const told = Object.values(rooms).flatMap(({ stories }) => Object.keys(stories));
  expect(told.toSorted()).toEqual(actions.map(({ id }) => id).toSorted());
});

describe.each(Object.entries(rooms))('in the room of %s', (_name, plan) => {
  let room: Room | undefined;
  beforeAll(async () => {
    room = await Room.open(plan);
  });
  afterAll(() => room?.[Symbol.asyncDispose]());

  test.each(Object.entries(plan.stories))('%s is reached, and does what it says', async (id, story) => {
    await story(room!);
    expect([...room!.done]).toContain(id);
  });
});
