import { expect, test } from 'vitest';
import { LimitWatch } from '../../src/app/supervisor/limit-watch.ts';
import { noWords } from '../../src/domain/agent-words.ts';
import type { SessionState, SessionStatus } from '../../src/domain/session.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const minute = 60_000;
const limitAt = 1_000_000;
const until = limitAt + 30 * minute;

/** A project with a working run of each of these workers, whose agents wait for the same time. */
function limited(workers: readonly string[], { goOn = true }: { goOn?: boolean } = {}) {
  const world = {
    ...{ now: until, state: 'idle' as SessionState, dialog: {} as Partial<SessionStatus> },
    ...{ sent: [] as string[], typed: [] as string[] },
  };
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => world.now, jsonl: false });
  const sessions = workers.map((worker) => {
    const task = store.tasks.add({ title: worker });
    const begun = beginRun({ endsByItself: false });
    const first = { event: { type: 'run.queued' }, status: begun.status, snapshot: begun.snapshot, row: {} };
    const run = store.runs.create({ task: task.id, worker, agent: 'claude' }, () => first);
    let step = stepRun(begun.snapshot, { type: 'run.started' });
    step = step && stepRun(step.snapshot, { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' });
    if (!step) throw new Error('The run does not work.');
    const { status, snapshot } = step;
    store.runs.append(run.id, { event: { type: 'worktree.prepared' }, status, snapshot, row: {} });
    store.words.set(run.session, { ...noWords, limit: { until, reason: 'full', at: limitAt } });
    return run.session;
  });
  const watch = new LimitWatch({
    context: { store, settings: { limits: { total: 9, perAgent: {}, goOn } } as Settings },
    messages: {
      async send(to, text) {
        world.sent.push(...to);
        return store.messages.add(to, text, 'ada', world.now);
      },
    },
    host: {
      async send(_session, keys, mark) {
        world.typed.push(`${keys} ${mark?.mark}`);
      },
    },
    statusOf: () => ({ state: world.state, reason: '', evidence: '', since: 0, ...world.dialog }),
    clock: () => world.now,
    log: () => {},
  });
  const lookAt = (now: number) => {
    world.now = now;
    watch.look();
    return world.sent;
  };
  return { store, sessions, world, lookAt };
}

test('after its time each agent is told once, one after the other', () => {
  const { sessions, lookAt } = limited(['ada', 'bob']);
  expect(lookAt(until - 1)).toEqual([]);
  expect(lookAt(until + minute)).toHaveLength(1);
  expect(lookAt(until + minute + 1_000)).toHaveLength(1);
  expect(lookAt(until + 2 * minute).toSorted()).toEqual(sessions.toSorted());
  expect(lookAt(until + 3 * minute)).toHaveLength(2);
});

test('one that has gone on by itself, or that somebody has talked to, is left alone', () => {
  const { store, sessions, lookAt } = limited(['ada', 'bob']);
  const limit = { until, reason: 'full', at: limitAt };
  store.words.set(sessions[0]!, { ...noWords, limit, answerAt: limitAt + 1 });
  store.messages.add([sessions[1]!], 'and now?', 'ada', limitAt + 1);
  expect(lookAt(until + minute)).toEqual([]);
});

test('one that works, or asks something, is not told', () => {
  const { world, lookAt } = limited(['ada']);
  world.state = 'waiting';
  expect(lookAt(until + minute)).toEqual([]);
  world.state = 'busy';
  expect(lookAt(until + 2 * minute)).toEqual([]);
  world.state = 'done';
  expect(lookAt(until + 3 * minute)).toHaveLength(1);
});

test('the settings can forbid it', () => {
  expect(limited(['ada'], { goOn: false }).lookAt(until + minute)).toEqual([]);
});

test('a limit without a time is a person’s matter', () => {
  const { store, sessions, lookAt } = limited(['ada']);
  store.words.set(sessions[0]!, { ...noWords, limit: { until: null, reason: 'slow down', at: limitAt } });
  expect(lookAt(until + 60 * minute)).toEqual([]);
});

test('one that asks whether to try again is answered, once for each limit, and told nothing', () => {
  const { world, lookAt } = limited(['ada', 'bob']);
  Object.assign(world, { state: 'limited', dialog: { until: until + minute, retryKeys: '1' } });
  lookAt(until + minute);
  expect(world.typed).toEqual([]);
  world.state = 'waiting';
  for (const minutes of [2, 3, 4]) lookAt(until + minutes * minute);
  expect(world.typed).toEqual(Array(2).fill(`1 limit.${until + minute}/retry`));
  world.dialog = { until: until + 5 * minute, retryKeys: '1' };
  lookAt(until + 6 * minute);
  expect(world.typed).toHaveLength(3);
  expect(world.sent).toEqual([]);
});

test('a dialog that tells no time, or offers only another model, is a person’s matter, as all of it where the settings forbid it', () => {
  const { world, lookAt } = limited(['ada']);
  Object.assign(world, { state: 'limited', dialog: { until: null, retryKeys: '1' } });
  lookAt(until + 60 * minute);
  Object.assign(world, { state: 'waiting', dialog: { until, retryKeys: null } });
  lookAt(until + 61 * minute);
  const forbidden = limited(['ada'], { goOn: false });
  Object.assign(forbidden.world, { state: 'waiting', dialog: { until, retryKeys: '1' } });
  forbidden.lookAt(until + 60 * minute);
  for (const { typed, sent } of [world, forbidden.world]) expect([...typed, ...sent]).toEqual([]);
});
