import { expect, test } from 'vitest';
import { StuckWatch, type StuckWatchOptions } from '../../src/app/supervisor/stuck-watch.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { noWords } from '../../src/domain/agent-words.ts';
import type { Rewound } from '../../src/domain/checkpoint.ts';
import type { SessionFacts, SessionState } from '../../src/domain/session.ts';
import type { Settings } from '../../src/domain/settings.ts';
import type { StuckStep } from '../../src/domain/stuck.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A run at work, and what is done about it: a line each. */
function atWork(settings: Partial<Pick<Settings, 'stuck'>> & { hasFallback?: boolean }) {
  const world = {
    now: 1_000_000,
    done: [] as string[],
    state: 'busy' as SessionState,
    typedAt: 0,
    isKilled: false,
    rewind: 'fails',
  };
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => world.now, jsonl: false });
  const task = store.tasks.add({ title: 'Bake bread' });
  let step = beginRun({ endsByItself: false });
  const first = { event: { type: 'run.queued' }, status: step.status, snapshot: step.snapshot, row: {} };
  const run = store.runs.create({ task: task.id, worker: 'ada', agent: 'claude' }, () => first);
  for (const event of [
    { type: 'run.started' as const },
    { type: 'worktree.prepared' as const, path: '/w', branch: 'b', base: 'c' },
  ]) {
    step = stepRun(step.snapshot, event) ?? step;
    const { status, snapshot } = step;
    store.runs.append(run.id, { event, status, snapshot, row: { startedAt: world.now } });
  }
  const note = (word: string) => world.done.push(word);
  const options: StuckWatchOptions = {
    context: {
      store,
      settings: { stuck: { steps: ['nudge', 'ask'] }, ...settings } as Settings,
    },
    runs: {
      pause: (_id, reason, by) => {
        note(`pause: ${reason}`);
        store.runs.note(run.id, { type: 'run.paused', by });
        return store.runs.get(run.id);
      },
      resume: (_id, by) => {
        note('resume');
        store.runs.note(run.id, { type: 'run.resumed', by, session: null });
        return store.runs.get(run.id);
      },
      settle: async () => {},
      fallBack: (_id, { reason }) => {
        note(`fall back: ${reason}`);
        return settings.hasFallback === true;
      },
      interrupt: async () => {
        note('interrupt');
      },
    },
    messages: {
      async send(to, text, _files, actor = '') {
        if (world.isKilled) throw new Error('killed');
        note(`say: ${text}`);
        return store.messages.add(to, text, actor, world.now);
      },
    },
    checkpoints: {
      async rewindAtRest() {
        note('rewind');
        if (world.rewind === 'fails') throw new Error('nothing to go back to');
        if (world.rewind === 'is killed') await new Promise(() => {});
        return {} as Rewound;
      },
    },
    factsOf: () => ({ lastInputAt: world.typedAt || null, isDrafting: false }) as SessionFacts,
    statusOf: () => ({ state: world.state, reason: '', evidence: '', since: 0 }),
    clock: () => world.now,
    log: (line) => note(`log: ${line.replace(run.id, 'RUN')}`),
  };
  const open = () => new StuckWatch(options);
  let watch = open();
  let key = 0;
  const loop = (): AgentReport[] =>
    Array.from({ length: 4 }, () => {
      key += 1;
      world.now += 10;
      const said = { name: 'Bash', input: 'npm test', result: 'not ok', isError: false };
      return { type: 'action', key: `${key}`, ...said, at: world.now };
    });
  const hear = async (reports: readonly AgentReport[]) => {
    for (const report of reports) watch.heard(run.session, report);
    world.now += 10;
    watch.look();
    // What was begun comes to its end.
    await new Promise(setImmediate);
  };
  const steps = () =>
    store.runs.events(run.id).flatMap(({ type, payload }) => (type === 'run.stuck' ? [payload.step as StuckStep] : []));
  const restart = () => {
    watch = open();
  };
  const append = (event: { type: string } & Record<string, unknown>) => store.runs.note(run.id, event);
  return { store, run, world, hear, loop, steps, restart, append };
}

const evidence = 'Bash npm test was done 4 times in a row, with the same result.';

const wordsOf = (evidenceSeen: string) =>
  `say: You seem to be stuck. ${evidenceSeen} Stop and think about why it does not help. Try another way, or say what you need.`;

test('who does the same again and again is stopped and told so; if that does not help, a person is asked', async () => {
  const { hear, loop, steps, world, run } = atWork({});
  await hear(loop());
  // In this order: what is said to an agent at work waits until it rests.
  expect(world.done.slice(-2)).toEqual([wordsOf(evidence), 'interrupt']);
  await hear(loop());
  expect(world.done.at(-1)).toBe(
    `pause: It seems to be stuck: ${evidence} Tell it more in its pane, look at what it did, or let it go on: forge resume ${run.id}`,
  );
  expect(steps()).toEqual(['nudge', 'ask']);
});

test('records that are read again after a restart are no new loop', async () => {
  const { hear, loop, steps, restart } = atWork({});
  const first = loop();
  await hear(first);
  restart();
  await hear(first);
  expect(steps()).toEqual(['nudge']);
  await hear(loop());
  expect(steps()).toEqual(['nudge', 'ask']);
});

test('a loop that was left before anybody looked is none: what counts is what the agent does now', async () => {
  const { hear, loop, steps, append } = atWork({});
  const left = loop();
  append({ type: 'agent.answered' });
  await hear(left);
  expect(steps()).toEqual([]);
});

test('killed after it was noted that the agent is told, the next supervisor tells it, once', async () => {
  const { hear, loop, steps, restart, world } = atWork({});
  const first = loop();
  world.isKilled = true;
  await hear(first);
  expect(steps()).toEqual(['nudge']);
  world.isKilled = false;
  restart();
  await hear(first);
  await hear([]);
  expect(world.done.filter((word) => word.startsWith('say'))).toEqual([wordsOf(evidence)]);
  expect(steps()).toEqual(['nudge']);
});

test('who has answered, waits for a person, or has a person typing at its pane is not judged', async () => {
  const { hear, loop, steps, world } = atWork({});
  for (const state of ['idle', 'done', 'waiting', 'limited', 'unknown'] as const) {
    world.state = state;
    await hear(loop());
  }
  world.state = 'busy';
  world.typedAt = world.now;
  await hear(loop());
  expect(steps()).toEqual([]);
});

test('a new prompt begins anew', async () => {
  const { hear, loop, steps, store, run, world } = atWork({});
  const all = loop();
  store.words.set(run.session, { ...noWords, promptAt: world.now - 5 });
  await hear(all);
  expect(steps()).toEqual([]);
});

test('an answer begins the steps anew', async () => {
  const { hear, loop, steps, append } = atWork({});
  await hear(loop());
  append({ type: 'agent.answered' });
  await hear(loop());
  expect(steps()).toEqual(['nudge', 'nudge']);
});

test('without steps nothing is done', async () => {
  const { hear, loop, steps, world } = atWork({ stuck: { steps: [] } });
  await hear(loop());
  expect([steps(), world.done]).toEqual([[], []]);
});

test('another agent takes over where one can, and a person is asked where none can', async () => {
  const replaced = atWork({ stuck: { steps: ['replace'] }, hasFallback: true });
  await replaced.hear(replaced.loop());
  expect(replaced.world.done.at(-1)).toBe(`fall back: It was stuck: ${evidence}`);
  const alone = atWork({ stuck: { steps: ['replace'] } });
  await alone.hear(alone.loop());
  expect(alone.world.done.at(-1)).toMatch(/^pause: It seems to be stuck/);
});

test('a rewind that cannot be done leaves the run paused, and says why', async () => {
  const { hear, loop, world } = atWork({ stuck: { steps: ['rewind'] } });
  const all = loop();
  world.done.length = 0;
  const heard = hear(all);
  world.state = 'idle';
  await heard;
  await expect.poll(() => world.done.at(-1)).toBe('log: RUN: stuck: nothing to go back to');
  expect(world.done.filter((word) => !word.startsWith('log'))).toEqual([
    `pause: It seems to be stuck: ${evidence} Its work is being taken back; if this stays, look at it and let it go on.`,
    'rewind',
  ]);
});

const takenBack = expect.stringMatching(
  /^say: You seem to be stuck\..* The files are as they were before your last turn\./,
);

test('killed while the work is taken back, or before the agent was told, the next supervisor goes on with that, once', async () => {
  const { hear, loop, restart, world } = atWork({ stuck: { steps: ['rewind', 'ask'] } });
  world.rewind = 'is killed';
  const heard = hear(loop());
  world.state = 'idle';
  await heard;
  await expect.poll(() => world.done.at(-1)).toBe('rewind');
  Object.assign(world, { rewind: 'is done', isKilled: true });
  restart();
  await hear([]);
  await expect.poll(() => world.done.at(-1)).toBe('log: RUN: stuck: killed');
  expect(world.done.slice(-3, -1)).toEqual(['rewind', 'resume']);
  world.isKilled = false;
  restart();
  await hear([]);
  await expect.poll(() => world.done.at(-1)).toEqual(takenBack);
  const before = world.done.length;
  restart();
  await hear([]);
  expect(world.done).toHaveLength(before);
});

test.each<[what: string, event: { type: string } & Record<string, unknown>]>([
  ['a person let it go on', { type: 'run.resumed', by: 'ada', session: null }],
  ['another agent took over', { type: 'run.fellBack', session: 'next' }],
  ['the agent has answered', { type: 'agent.answered' }],
])('a step back that was broken off is left alone when %s since', async (_what, event) => {
  const { hear, restart, world, append } = atWork({ stuck: { steps: ['rewind'] } });
  append({ type: 'run.stuck', step: 'rewind', reason: evidence, by: 'supervisor' });
  append({ type: 'run.paused', by: 'supervisor' });
  append(event);
  restart();
  await hear([]);
  await new Promise(setImmediate);
  expect(world.done).toEqual([]);
});

test('a rewind that could not be done is in the history, and is not tried again by itself', async () => {
  const { hear, loop, restart, world, store, run } = atWork({ stuck: { steps: ['rewind'] } });
  const heard = hear(loop());
  world.state = 'idle';
  await heard;
  await expect.poll(() => world.done.at(-1)).toBe('log: RUN: stuck: nothing to go back to');
  expect(store.runs.events(run.id).at(-1)).toMatchObject({
    ...{ type: 'rewind.failed', actor: 'supervisor' },
    payload: { reason: expect.stringContaining('nothing to go back to') },
  });
  const before = world.done.length;
  restart();
  await hear([]);
  await new Promise(setImmediate);
  expect(world.done).toHaveLength(before);
});
