import { describe, expect, test } from 'vitest';
import type { RunMachineEvent } from '../../src/machines/run-machine.ts';
import { beginRun, type RunStep, restoreRun, stepRun } from '../../src/machines/run-step.ts';

const prepared: RunMachineEvent = { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' };
const started: RunMachineEvent = { type: 'session.started', pid: 7 };
const toWorking: RunMachineEvent[] = [{ type: 'run.started' }, prepared, started];
const fellBack: RunMachineEvent = {
  ...{ type: 'run.fellBack', cause: 'limit', reason: 'Its provider takes no more.', from: 'claude', agent: 'script' },
  ...{ session: 's2', conversation: null, left: 's1', leftConversation: 'c1', endsByItself: true },
};
const exited = (exitCode: number | null, signal: number | null = null): RunMachineEvent => ({
  type: 'session.exited',
  exitCode,
  signal,
});

const rows: { name: string; endsByItself: boolean; events: RunMachineEvent[]; ends: string; reason: string }[] = [
  { name: 'waits for its turn', endsByItself: true, events: [], ends: 'queued', reason: '' },
  { name: 'gets a worktree', endsByItself: true, events: [{ type: 'run.started' }], ends: 'preparing', reason: '' },
  { name: 'works', endsByItself: true, events: toWorking, ends: 'working', reason: '' },
  {
    name: 'a script that exits 0 is done',
    endsByItself: true,
    events: [...toWorking, exited(0)],
    ends: 'done',
    reason: 'The agent finished.',
  },
  {
    name: 'a script that exits 3 failed',
    endsByItself: true,
    events: [...toWorking, exited(3)],
    ends: 'failed',
    reason: 'The agent exited with status 3.',
  },
  {
    name: 'a signal is a failure, whatever the status says',
    endsByItself: true,
    events: [...toWorking, exited(0, 9)],
    ends: 'failed',
    reason: 'The agent was ended by signal 9.',
  },
  {
    name: 'an end that nobody saw is neither success nor failure: a person decides',
    endsByItself: true,
    events: [...toWorking, exited(null)],
    ends: 'working',
    reason: 'The agent ended when no session host could see how. Look at its work, then accept it or cancel the run.',
  },
  {
    name: 'its work is accepted',
    endsByItself: true,
    events: [...toWorking, exited(null), { type: 'run.approved', by: 'Ada' }],
    ends: 'done',
    reason: 'Accepted by Ada.',
  },
  {
    name: 'a chat that was left without an answer is not done',
    endsByItself: false,
    events: [...toWorking, exited(0)],
    ends: 'cancelled',
    reason: 'The agent was left before it had answered.',
  },
  {
    name: 'a chat that answered and was left is done',
    endsByItself: false,
    events: [...toWorking, { type: 'agent.answered' }, exited(0)],
    ends: 'done',
    reason: 'The agent answered and was left.',
  },
  {
    name: 'a person accepts',
    endsByItself: false,
    events: [...toWorking, { type: 'run.approved', by: 'Ada' }],
    ends: 'done',
    reason: 'Accepted by Ada.',
  },
  {
    name: 'waiting has a reason, an answer clears it',
    endsByItself: false,
    events: [...toWorking, { type: 'agent.waiting', reason: 'permission' }, { type: 'agent.answered' }],
    ends: 'working',
    reason: '',
  },
  {
    name: 'no worktree',
    endsByItself: true,
    events: [{ type: 'run.started' }, { type: 'worktree.failed', reason: 'The branch is taken.' }],
    ends: 'failed',
    reason: 'The branch is taken.',
  },
  {
    name: 'the program does not start',
    endsByItself: true,
    events: [{ type: 'run.started' }, prepared, { type: 'session.refused', reason: 'No such program.' }],
    ends: 'failed',
    reason: 'No such program.',
  },
  {
    name: 'the machine was started anew',
    endsByItself: true,
    events: [...toWorking, { type: 'session.lost' }],
    ends: 'paused',
    reason: 'The session was lost: the machine or its session host ended. The worktree is as it was.',
  },
  {
    name: 'goes on in another session',
    endsByItself: true,
    events: [...toWorking, { type: 'session.lost' }, { type: 'run.resumed', by: 'Ada', session: 's2' }, prepared],
    ends: 'working',
    reason: '',
  },
  {
    name: 'another agent goes on, which may end by itself where the first did not',
    endsByItself: false,
    events: [...toWorking, { type: 'agent.answered' }, fellBack, prepared, started, exited(0)],
    ends: 'done',
    reason: 'The agent finished.',
  },
  {
    name: 'says why another agent goes on',
    endsByItself: false,
    events: [...toWorking, fellBack],
    ends: 'preparing',
    reason: 'claude: Its provider takes no more. It goes on with script.',
  },
  {
    name: 'is paused by a person',
    endsByItself: true,
    events: [...toWorking, { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' }],
    ends: 'paused',
    reason: 'Paused by Ada.',
  },
  {
    name: 'is accepted in a pause',
    endsByItself: true,
    events: [
      ...toWorking,
      { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' },
      { type: 'run.approved', by: 'Ada' },
    ],
    ends: 'done',
    reason: 'Accepted by Ada.',
  },
];

function play(row: { endsByItself: boolean; events: RunMachineEvent[] }, restart: (step: RunStep) => RunStep): RunStep {
  return row.events.reduce<RunStep>(
    (step, event) => {
      const next = stepRun(step.snapshot, event);
      if (!next) throw new Error(`${event.type} means nothing in ${step.status}`);
      return restart(next);
    },
    beginRun({ endsByItself: row.endsByItself }),
  );
}

describe('the life of a run', () => {
  test.each(rows)('$name', (row) => {
    const end = play(row, (step) => step);
    expect({ status: end.status, reason: end.reason }).toEqual({ status: row.ends, reason: row.reason });
  });

  test.each(rows)('$name, with a restart after every event', (row) => {
    const restart = (step: RunStep) => restoreRun(JSON.parse(JSON.stringify(step.snapshot)));
    expect(play(row, restart)).toEqual(play(row, (step) => step));
  });

  test.each(['queued', 'preparing', 'working', 'paused'])('can be cancelled while %s', (status) => {
    const row = rows.find((candidate) => candidate.ends === status) as (typeof rows)[number];
    const end = stepRun(play(row, (step) => step).snapshot, { type: 'run.cancelled', by: 'Ada' });
    expect(end).toMatchObject({ status: 'cancelled', reason: 'Cancelled by Ada.', ensure: 'ended' });
  });

  test.each(['done', 'failed', 'cancelled'])('%s is final: nothing that comes late changes it', (status) => {
    const row = rows.find((candidate) => candidate.ends === status) as (typeof rows)[number];
    const { snapshot } = play(row, (step) => step);
    for (const late of [...toWorking, exited(0), { type: 'run.cancelled', by: 'Ada' } as const]) {
      expect(stepRun(snapshot, late)).toBeNull();
    }
  });

  test.each([
    [null, true],
    ['s2', false],
  ])('a run that goes on in session %s has its agent started: %s', (session, isStarted) => {
    const paused = play({ endsByItself: true, events: [...toWorking, { type: 'session.lost' }] }, (step) => step);
    const resumed = stepRun(paused.snapshot, { type: 'run.resumed', by: 'Ada', session });
    expect(resumed).toMatchObject({ status: 'preparing', isSessionStarted: isStarted });
  });

  test('an agent that goes on for another is not started yet, and has answered nothing', () => {
    const step = play({ endsByItself: false, events: [...toWorking, { type: 'agent.answered' }, fellBack] }, (s) => s);
    expect(step).toMatchObject({ status: 'preparing', isSessionStarted: false, answers: 0 });
  });

  test('each state says what must be true in it', () => {
    const ensures = Object.fromEntries(rows.map((row) => [row.ends, play(row, (step) => step).ensure]));
    expect(ensures).toEqual({
      queued: 'nothing',
      preparing: 'worktree',
      working: 'session',
      paused: 'interrupted',
      done: 'ended',
      failed: 'ended',
      cancelled: 'ended',
    });
  });
});

test.each([
  ['null', null],
  ['a number', 42],
  ['an unknown state', { status: 'active', value: 'dreaming', context: {} }],
  ['a context of another shape', { status: 'active', value: 'working', context: { answers: -1 } }],
])('a snapshot that is %s is refused, not taken for a fresh start', (_name, snapshot) => {
  expect(() => restoreRun({ machineVersion: 1, snapshot })).toThrow();
});

test('a snapshot of another version of the machine is refused', () => {
  const { snapshot } = beginRun({ endsByItself: true }).snapshot;
  expect(() => restoreRun({ machineVersion: 99, snapshot })).toThrow('version 99');
});
