import { expect, onTestFinished, test } from 'vitest';
import type { SupervisorContext } from '../../src/app/context.ts';
import { rowAfter } from '../../src/app/supervisor/row-after.ts';
import { type Review, sendBack, wordsOfReview } from '../../src/app/supervisor/send-back.ts';
import { ForgeError } from '../../src/base/errors.ts';
import type { RunMachineEvent } from '../../src/machines/run-events.ts';
import { beginRun, restoreRun, stepRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const follows = { hasGates: false, review: 'always', delivery: 'branch' } as const;
const begun: RunMachineEvent[] = [
  { type: 'run.started' },
  { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' },
  { type: 'session.started', pid: 7 },
];
const review: Review = { words: 'Your work was reviewed, with one comment.', since: 1, comments: 1 };

/** A run as far as these events bring it, by the real machine and store; its session is alive or not. */
function runThat(...events: RunMachineEvent[]) {
  const world = { now: 1_000, isAlive: true };
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => world.now++, jsonl: false });
  onTestFinished(() => store.dispose());
  const task = store.tasks.add({ title: 'Bake bread' });
  const create = () => {
    const first = beginRun({ endsByItself: false });
    const event = { type: 'run.queued' };
    return store.runs.create({ task: task.id, worker: 'ada', agent: 'a' }, () => ({ ...first, event, row: {} }));
  };
  const happens = (id: string, event: RunMachineEvent) => {
    const step = stepRun(restoreRun(store.runs.snapshot(id)).snapshot, event);
    if (!step) throw new Error(`${event.type} means nothing to run ${id}.`);
    return store.runs.append(id, { event: { ...event }, ...step, row: rowAfter(event, step, world.now++) });
  };
  const { id } = create();
  for (const event of [...begun, ...events]) happens(id, event);
  const runs = {
    pause: (run: string, reason: string, by: string) => happens(run, { type: 'run.paused', reason, by }),
    resume: (run: string, by: string) =>
      happens(run, { type: 'run.resumed', by, session: world.isAlive ? null : `${run}.${world.now}` }),
    dispatch: async () => create(),
  };
  const messages = {
    async send([session = '']: string[], text: string) {
      if (!world.isAlive) throw new ForgeError('session.ended', 'It has ended.');
      return store.messages.add([session], text, 'ada', world.now++);
    },
  };
  const context = { store, runs, messages, actor: 'ada' } as unknown as SupervisorContext;
  const send = (name = id) => sendBack(context, store.runs.get(name), review);
  return { store, world, send, happens, run: () => store.runs.get(id) };
}

test('a session that lives is told once, also by who was killed before that was noted', async () => {
  const { store, send, run } = runThat({ type: 'agent.answered' });
  const first = await send();
  expect(first).toMatchObject({ run: { status: 'working' }, message: 1 });
  expect(await send()).toMatchObject({ message: 1 });
  expect(store.messages.list(run().session)).toHaveLength(1);
  // A prompt that did not arrive is said again.
  store.messages.change(1, ['queued'], { state: 'failed' });
  expect(await send()).toMatchObject({ message: 2 });
});

test('a run whose session is over goes on in another one, which begins with the words, once', async () => {
  const exited: RunMachineEvent = { type: 'session.exited', exitCode: 0, signal: null, follows };
  const { store, world, send, run } = runThat({ type: 'agent.answered' }, exited);
  world.isAlive = false;
  const before = run().session;
  expect(run().status).toBe('reviewing');
  expect(await send()).toMatchObject({ run: { status: 'preparing' }, message: null });
  expect(run().session).not.toBe(before);
  expect(wordsOfReview(store, run())?.words).toBe(review.words);
  const events = store.runs.events(run().id).length;
  expect(await send()).toMatchObject({ message: null });
  expect(store.runs.events(run().id)).toHaveLength(events);
});

test('the session after that does not begin with it again', async () => {
  const { store, world, send, happens, run } = runThat({ type: 'session.exited', exitCode: null, signal: null });
  world.isAlive = false;
  await send();
  happens(run().id, { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' });
  happens(run().id, { type: 'session.lost' });
  happens(run().id, { type: 'run.resumed', by: 'ada', session: 'another' });
  expect(wordsOfReview(store, run())).toBeNull();
});

test('a paused run goes on and is told in its session, if that lives', async () => {
  const { store, send, run } = runThat({ type: 'run.paused', reason: 'a person', by: 'ada' });
  expect(await send()).toMatchObject({ message: 1 });
  expect(run().status).toBe('preparing');
  expect(wordsOfReview(store, run())).toBeNull();
});

test('what has ended goes on as a new run, its task open again', async () => {
  const { store, send, run } = runThat({ type: 'run.approved', by: 'ada', follows: { ...follows, delivery: 'none' } });
  store.tasks.close(run().task);
  const { run: next } = await send();
  expect(next.id).toBe(`${run().task}-2`);
  expect(store.tasks.get(run().task).status).toBe('open');
  expect(wordsOfReview(store, next)?.words).toBe(review.words);
  expect((await send()).run.id).toBe(next.id);
  expect(store.runs.list()).toHaveLength(2);
});

test.each([
  ['is being delivered', [{ type: 'run.approved', by: 'ada', follows }]],
  [
    'waits to be delivered again',
    [
      { type: 'run.approved', by: 'ada', follows },
      { type: 'delivery.failed', reason: 'No.' },
    ],
  ],
] as [string, RunMachineEvent[]][])('what %s is not sent back: nobody would hear it', async (_what, events) => {
  const { store, send, run } = runThat(...events);
  await expect(send()).rejects.toThrow('no agent of it takes comments now');
  expect(store.messages.list(run().session)).toEqual([]);
});
