import { expect, test } from 'vitest';
import { StuckWatch, type StuckWatchOptions } from '../../src/app/supervisor/stuck-watch.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import type { Settings, StuckStep } from '../../src/domain/settings.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const none = { minutes: null, turns: null, tokens: null };

/** A run at work, and what is done about it: a line each. */
function atWork(settings: Partial<Pick<Settings, 'runLimits' | 'stuck'>> & { hasFallback?: boolean }) {
  const world = { now: 1_000, done: [] as string[] };
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
      settings: { runLimits: none, stuck: { steps: ['nudge', 'ask'] }, ...settings } as Settings,
    },
    runs: {
      pause: (_id, reason) => {
        note(`pause: ${reason}`);
        return store.runs.get(run.id);
      },
      resume: () => {
        note('resume');
        return store.runs.get(run.id);
      },
      fallBack: (_id, { reason }) => {
        note(`fall back: ${reason}`);
        return settings.hasFallback === true;
      },
    },
    messages: {
      async send(_to, text) {
        note(`say: ${text}`);
        return [];
      },
    },
    checkpoints: {
      async rewindAtRest() {
        note('rewind');
        throw new Error('nothing to go back to');
      },
    },
    statusOf: () => ({ state: 'idle', reason: '', evidence: '', since: 0 }),
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
  const hear = (reports: readonly AgentReport[]) => {
    for (const report of reports) watch.heard(run.session, report);
  };
  const steps = () =>
    store.runs.events(run.id).flatMap(({ type, payload }) => (type === 'run.stuck' ? [payload.step as StuckStep] : []));
  const restart = () => {
    watch = open();
  };
  return { store, run, world, hear, loop, steps, restart, look: () => watch.look() };
}

const evidence = 'Bash npm test was done 4 times in a row, with the same result.';

test('who does the same again and again is told so; if that does not help, a person is asked', () => {
  const { hear, loop, steps, world } = atWork({});
  hear(loop());
  expect(world.done.at(-1)).toBe(
    `say: You seem to be stuck. ${evidence} Stop and think about why it does not help. Try another way, or say what you need.`,
  );
  hear(loop());
  expect(world.done.at(-1)).toBe(`pause: It seems to be stuck: ${evidence} Tell it more, or look at what it did.`);
  expect(steps()).toEqual(['nudge', 'ask']);
});

test('records that are read again after a restart are no new loop', () => {
  const { hear, loop, steps, restart } = atWork({});
  const first = loop();
  hear(first);
  restart();
  hear(first);
  expect(steps()).toEqual(['nudge']);
  hear(loop());
  expect(steps()).toEqual(['nudge', 'ask']);
});

test('a new prompt begins anew', () => {
  const { hear, loop, steps } = atWork({});
  const [one, two, three, four] = loop() as [AgentReport, AgentReport, AgentReport, AgentReport];
  hear([one, two, three, { type: 'prompt', key: 'p', text: 'Try the other oven.', at: 1_040 }, four]);
  expect(steps()).toEqual([]);
});

test('another agent takes over where one is named, and a person is asked where none is', () => {
  const replaced = atWork({ stuck: { steps: ['replace'] }, hasFallback: true });
  replaced.hear(replaced.loop());
  expect(replaced.world.done.at(-1)).toBe(`fall back: It was stuck: ${evidence}`);
  const alone = atWork({ stuck: { steps: ['replace'] } });
  alone.hear(alone.loop());
  expect(alone.world.done.at(-1)).toMatch(/^pause: It seems to be stuck/);
});

test('a rewind that cannot be done leaves the run paused, and says why', async () => {
  const { hear, loop, world } = atWork({ stuck: { steps: ['rewind'] } });
  hear(loop());
  await expect.poll(() => world.done.at(-1)).toBe('log: RUN: rewind: nothing to go back to');
  expect(world.done.filter((word) => !word.startsWith('log'))).toEqual([
    `pause: It seems to be stuck: ${evidence} Its work is being taken back.`,
    'rewind',
  ]);
});

test('a run that has used up its minutes, its turns or its tokens is paused, and what was before it went on does not count', () => {
  const { store, run, world, look } = atWork({ runLimits: { minutes: 1, turns: 2, tokens: null } });
  look();
  expect(world.done).toEqual([]);
  const call = (key: string) => {
    const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
    const entry = { key, model: 'm', tokens, usd: null, at: world.now };
    store.usage.put({ run: run.id, agent: 'claude', conversation: 'c' }, entry);
  };
  call('1');
  call('2');
  look();
  expect(world.done.at(-1)).toMatch(/^pause: It has called its model 2 times/);
  world.now += 1_000;
  store.runs.note(run.id, { type: 'run.resumed', by: 'ada' });
  const before = world.done.length;
  look();
  expect(world.done).toHaveLength(before);
  world.now += 60_000;
  look();
  expect(world.done.at(-1)).toMatch(/^pause: It has taken 1 min/);
});
