import { expect, test } from 'vitest';
import { nextInQueue, outlookOf, type QueuedRun, type QueueFacts, stepOfPriorityMs } from '../../src/domain/queue.ts';

const ada = { name: 'ada', agent: 'claude', mode: 'coder' };
const bo = { name: 'bo', agent: 'codex', mode: 'coder' };

const queued = (id: string, more: Partial<QueuedRun> = {}): QueuedRun => ({
  ...{
    id,
    worker: '',
    agent: '',
    group: null,
    groupMax: null,
    createdAt: 0,
    priority: 2,
    blockedBy: [],
    isSpent: false,
  },
  ...more,
});

const atWork = (id: string, worker = ada, group: string | null = null) => ({
  ...{ id, worker: worker.name, agent: worker.agent, group },
});

const next = (facts: Partial<QueueFacts>): Record<string, string | null> => {
  const { start, waits } = nextInQueue({
    ...{ queued: [], atWork: [], workers: [ada, bo], limits: { total: 6, perAgent: {} } },
    ...{ isGap: false, refused: null, isUnfit: () => false, atWorkElsewhere: () => 0, ...facts },
  });
  return { start: start && `${start.run} on ${start.worker.name}`, ...Object.fromEntries(waits) };
};

test.each<[string, Partial<QueueFacts>, ReturnType<typeof next>]>([
  ['it begins on the first idle worker', { queued: [queued('a')], atWork: [atWork('z')] }, { start: 'a on bo' }],
  [
    'the more urgent one is first',
    { queued: [queued('a'), queued('b', { priority: 0, createdAt: 5 })] },
    { start: 'b on ada' },
  ],
  [
    'what came long before is first, whatever its priority',
    { queued: [queued('a', { priority: 4 }), queued('b', { priority: 0, createdAt: 4 * stepOfPriorityMs + 1 })] },
    { start: 'a on ada' },
  ],
  [
    'a dependency is named, and holds up no other',
    { queued: [queued('a', { blockedBy: ['fg-1', 'fg-2'] }), queued('b')] },
    { start: 'b on ada', a: 'Waits for fg-1, fg-2.' },
  ],
  [
    'a worker that is wished for',
    { queued: [queued('a', { worker: 'ada' }), queued('b', { createdAt: 1 })], atWork: [atWork('z')] },
    { start: 'b on bo', a: 'Waits for ada, which is busy with run z.' },
  ],
  [
    'an agent that is wished for',
    { queued: [queued('a', { agent: 'codex' })], atWork: [atWork('z', bo)] },
    { start: null, a: 'Waits for bo, which is busy with run z.' },
  ],
  [
    'no worker is idle',
    { queued: [queued('a')], atWork: [atWork('y'), atWork('z', bo)] },
    { start: null, a: 'Waits for an idle worker.' },
  ],
  [
    'no worker can ever',
    { queued: [queued('a', { agent: 'gemini' })] },
    { start: null, a: 'Waits for a worker: the settings have none that runs gemini.' },
  ],
  [
    'the limit of the project',
    { queued: [queued('a')], atWork: [atWork('z')], limits: { total: 1, perAgent: {} } },
    { start: null, a: 'Waits: 1 run is at work, as many as limits.total allows.' },
  ],
  [
    'the limit of an agent holds up no other agent',
    {
      queued: [queued('a', { agent: 'claude' }), queued('b')],
      ...{ workers: [ada, bo, { ...ada, name: 'cy' }], atWork: [atWork('z')] },
      limits: { total: 6, perAgent: { claude: 1 } },
    },
    { start: 'b on bo', a: 'Waits: 1 of claude may be at work at once (limits.perAgent).' },
  ],
  [
    'a limit of those that were dispatched together is theirs alone',
    {
      queued: [queued('a', { group: 'g', groupMax: 1 }), queued('b', { createdAt: 1 })],
      atWork: [atWork('z', ada, 'g')],
    },
    { start: 'b on bo', a: 'Waits: of those that were dispatched with it 1 may be at work at once.' },
  ],
  [
    'a budget',
    { queued: [queued('a', { isSpent: true })] },
    { start: null, a: 'Waits: a budget of it is spent. See: forge budget list' },
  ],
  [
    'the gap between two starts',
    { queued: [queued('a')], isGap: true },
    { start: null, a: 'Waits a moment: another run has just begun.' },
  ],
  ['the other projects', { queued: [queued('a')], refused: 'Not now.' }, { start: null, a: 'Not now.' }],
  [
    'a program that is not there is passed over',
    { queued: [queued('a')], isUnfit: (_run, worker) => worker === 'ada' },
    { start: 'a on bo' },
  ],
  [
    'no program is there',
    { queued: [queued('a')], isUnfit: () => true },
    { start: null, a: 'Waits: the program of claude is not found. See: forge agent list' },
  ],
])('%s', (_name, facts, expected) => {
  expect(next(facts)).toEqual(expected);
});

test('nobody starves: while urgent tasks keep coming, the least urgent one begins', () => {
  const patient = queued('patient', { priority: 4 });
  let waiting = [patient];
  const begun: string[] = [];
  // Every five minutes an urgent one comes, and one worker takes one.
  for (let minute = 0; !begun.includes('patient') && minute < 24 * 60; minute += 5) {
    waiting.push(queued(`urgent ${minute}`, { priority: 0, createdAt: minute * 60_000 }));
    const { start } = nextInQueue({
      ...{ queued: waiting, atWork: [], workers: [ada], limits: { total: 1, perAgent: {} } },
      ...{ isGap: false, refused: null, isUnfit: () => false, atWorkElsewhere: () => 0 },
    });
    begun.push(start?.run ?? '');
    waiting = waiting.filter(({ id }) => id !== start?.run);
  }
  expect(begun.at(-1)).toBe('patient');
  expect(begun.length).toBeLessThanOrEqual((4 * stepOfPriorityMs) / (5 * 60_000) + 1);
});

test.each<[string, Partial<QueuedRun>, Partial<QueueFacts>, ReturnType<typeof outlookOf>]>([
  ['the first idle one', {}, {}, { worker: 'ada', why: 'It is the first idle one.' }],
  [
    'who was passed over is named',
    {},
    { atWork: [atWork('fg-z-1')] },
    { worker: 'bo', why: 'It is the first idle one. ada has fg-z-1.' },
  ],
  [
    'an agent is wished for',
    { agent: 'codex' },
    {},
    { worker: 'bo', why: 'It is the first idle one that runs codex, as the task wishes. ada runs claude.' },
  ],
  [
    'an agent has its limit',
    {},
    { limits: { total: 6, perAgent: { claude: 0 } } },
    { worker: 'bo', why: 'It is the first idle one. ada would be one too many of claude.' },
  ],
  [
    'a program is not there',
    {},
    { isUnfit: (_run, worker) => worker === 'ada' },
    { worker: 'bo', why: 'It is the first idle one. ada has no program on this machine.' },
  ],
  ['a worker is named', { worker: 'bo' }, {}, { worker: 'bo', why: 'The task names it, and it is idle.' }],
  ['nobody can take it', { blockedBy: ['fg-1'] }, {}, { worker: null, why: 'Waits for fg-1.' }],
  ['other projects are first', {}, { refused: 'Waits.' }, { worker: null, why: 'Waits.' }],
])('the outlook says who takes it and why: %s', (_name, run, facts, expected) => {
  const all = { queued: [], atWork: [], workers: [ada, bo], limits: { total: 6, perAgent: {} } };
  const free = { isGap: false, refused: null, isUnfit: () => false, atWorkElsewhere: () => 0 };
  expect(outlookOf(queued('', run), { ...all, ...free, ...facts })).toEqual(expected);
});
