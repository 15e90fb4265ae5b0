import { expect, test } from 'vitest';
import { RunLimitWatch } from '../../src/app/supervisor/run-limit-watch.ts';
import type { RunLimits } from '../../src/domain/run-limits.ts';
import type { SessionState } from '../../src/domain/session.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const minute = 60_000;

/** A run whose session starts at 1,000,000. */
function atWork(limits: Partial<RunLimits>) {
  const world = { now: 1_000_000, state: 'busy' as SessionState, since: 1_000_000, paused: [] as string[] };
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => world.now, jsonl: false });
  const task = store.tasks.add({ title: 'Bake bread' });
  let step = beginRun({ endsByItself: false });
  const first = { event: { type: 'run.queued' }, status: step.status, snapshot: step.snapshot, row: {} };
  const run = store.runs.create({ task: task.id, worker: 'ada', agent: 'claude' }, () => first);
  for (const event of [
    { type: 'run.started' as const },
    { type: 'worktree.prepared' as const, path: '/w', branch: 'b', base: 'c' },
    { type: 'session.started' as const, pid: 7 },
  ]) {
    step = stepRun(step.snapshot, event) ?? step;
    store.runs.append(run.id, { event, ...step, row: { startedAt: world.now } });
  }
  const watch = new RunLimitWatch({
    context: { store, settings: { runLimits: { minutes: null, turns: null, tokens: null, ...limits } } as Settings },
    runs: {
      pause: (id, reason) => {
        world.paused.push(reason);
        return store.runs.get(id);
      },
    },
    statusOf: () => ({ state: world.state, reason: '', evidence: '', since: world.since }),
    clock: () => world.now,
  });
  const pausedAfter = (ms: number) => {
    world.now += ms;
    world.paused = [];
    watch.look();
    return world.paused;
  };
  const happens = (type: string, more: Record<string, unknown> = {}) => store.runs.note(run.id, { type, ...more });
  return { store, run, world, happens, pausedAfter };
}

test('a run that has used up its minutes, its turns or its tokens is paused; let go on, it may use as much again', () => {
  const { store, run, world, happens, pausedAfter } = atWork({ minutes: 2, turns: 2, tokens: 100 });
  expect(pausedAfter(1_000)).toEqual([]);
  const call = (key: string, input: number) => {
    const tokens = { input, output: 1, cacheRead: 0, cacheWrite: 0 };
    const entry = { key, model: 'm', tokens, usd: null, at: world.now };
    store.usage.put({ run: run.id, agent: 'claude', conversation: 'c' }, entry);
  };
  call('1', 1);
  call('2', 1);
  expect(pausedAfter(0)).toEqual([expect.stringMatching(/^It has called its model 2 times/)]);
  world.now += 1_000;
  happens('run.resumed', { by: 'ada' });
  expect(pausedAfter(0)).toEqual([]);
  call('3', 200);
  expect(pausedAfter(0)).toEqual([expect.stringMatching(/^It has used 201 tokens/)]);
  happens('run.paused', { by: 'limits' });
  world.now += 1_000;
  happens('run.resumed', { by: 'ada' });
  expect(pausedAfter(2 * minute - 1)).toEqual([]);
  expect(pausedAfter(1)).toEqual([expect.stringMatching(/^It has taken 2 min/)]);
});

test('a chat that rested for a night has not worked for a night', () => {
  const { world, happens, pausedAfter } = atWork({ minutes: 60 });
  world.now += 10 * minute;
  happens('agent.answered');
  world.state = 'done';
  expect(pausedAfter(600 * minute)).toEqual([]);
  // Somebody types into its pane.
  Object.assign(world, { state: 'busy', since: world.now });
  expect(pausedAfter(49 * minute)).toEqual([]);
  expect(pausedAfter(minute)).toHaveLength(1);
});

test('who waits for a permission does not work, and turns that a person began at the pane count', () => {
  const { world, happens, pausedAfter } = atWork({ minutes: 60 });
  world.now += 20 * minute;
  happens('agent.waiting');
  world.now += 600 * minute;
  const promptAt = world.now;
  world.now += 30 * minute;
  happens('agent.answered', { promptAt });
  world.now += 600 * minute;
  world.since = world.now;
  expect(pausedAfter(9 * minute)).toEqual([]);
  expect(pausedAfter(minute)).toHaveLength(1);
});
