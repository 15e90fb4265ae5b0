import { expect, test } from 'vitest';
import type { FollowedView } from '../../src/app/views/follow-work.ts';
import type { ForgeCli } from '../../src/cli/forge-cli.ts';
import { watchRuns } from '../../src/cli/watch-runs.ts';
import type { Run } from '../../src/domain/run.ts';
import type { TaskView } from '../../src/domain/task.ts';

/** What is told of tasks whose newest runs stand so. */
function view(runs: Record<string, Run['status']>): FollowedView {
  return {
    tasks: Object.keys(runs).map((id) => ({ id, status: 'open', blockedBy: [], isReady: true }) as unknown as TaskView),
    runs: Object.entries(runs).map(
      ([task, status]) => ({ id: `${task}-1`, task, status, reason: '', createdAt: 0 }) as Run,
    ),
    sessions: [],
  };
}

/** A command line that tells what the test does. */
function follower() {
  const told = Promise.withResolvers<(view: FollowedView) => void>();
  const follow: ForgeCli['follow'] = async (_projects, listener) => {
    told.resolve(listener);
    return { dispose() {} };
  };
  return { forge: { follow, interrupted: () => new Promise(() => {}) } as unknown as ForgeCli, told: told.promise };
}

test('what was just started is waited for, though the view is from before that', async () => {
  const { forge, told } = follower();
  const tasks = new Set(['a']);
  let isStarted = false;
  const onView = async () => {
    if (isStarted) return [];
    isStarted = true;
    tasks.add('b');
    return ['b-1'];
  };
  let isOver = false;
  const result = watchRuns(forge, { tasks, onView, say() {} });
  void result.then(() => {
    isOver = true;
  });
  const tell = await told;
  tell(view({ a: 'done' }));
  await new Promise(setImmediate);
  expect([isStarted, isOver]).toEqual([true, false]);
  tell(view({ a: 'done', b: 'done' }));
  const { outcome, runs } = await result;
  expect([outcome, runs.map(({ id }) => id)]).toEqual(['well', ['a-1', 'b-1']]);
});
