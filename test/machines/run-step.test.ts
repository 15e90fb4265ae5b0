import { describe, expect, test } from 'vitest';
import type { Completion } from '../../src/domain/completion.ts';
import { isRunEnded, runStatuses } from '../../src/domain/run.ts';
import type { RunEventOf, RunMachineEvent } from '../../src/machines/run-events.ts';
import { beginRun, type RunStep, restoreRun, stepRun } from '../../src/machines/run-step.ts';

const prepared: RunMachineEvent = { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' };
const started: RunMachineEvent = { type: 'session.started', pid: 7 };
const toWorking: RunMachineEvent[] = [{ type: 'run.started' }, prepared, started];
const fellBack: RunMachineEvent = {
  ...{ type: 'run.fellBack', cause: 'limit', reason: 'Its provider takes no more.', from: 'claude', agent: 'script' },
  ...{ session: 's2', conversation: null, left: 's1', leftConversation: 'c1', endsByItself: true },
};
const follows = (changes: Partial<Completion> = {}): Completion => ({
  ...{ hasGates: false, review: 'open', delivery: 'none' },
  ...changes,
});
const withGates = follows({ hasGates: true, delivery: 'branch' });
const answered = (then: Completion): RunMachineEvent => ({ type: 'agent.answered', follows: then });
const approved = (then: Completion): RunMachineEvent => ({ type: 'run.approved', by: 'Ada', follows: then });
const pass = (attempt: number, then = withGates): RunMachineEvent => ({ type: 'gates.passed', attempt, follows: then });
const gateFailed = (attempt: number, changes: Partial<RunEventOf<'gates.failed'>> = {}): RunMachineEvent => ({
  ...{ type: 'gates.failed', attempt, gate: 'test', reason: 'It exited with status 1.', output: 'not ok' },
  ...{ rounds: 1, onFailure: 'ask', session: null },
  ...changes,
});
const resumed: RunMachineEvent = { type: 'run.resumed', by: 'Ada', session: null };
const toGates = [...toWorking, answered(withGates)];
const deliveredTo = (awaits: boolean): RunMachineEvent => ({
  ...{ type: 'delivery.done', reason: 'It is on branch b.', awaits, commit: 'c2' },
});
const conflicted: RunMachineEvent = { type: 'delivery.conflicted', files: ['a.ts', 'b.ts'], against: 'main' };
const stuck: RunMachineEvent = { type: 'run.paused', by: 'supervisor', reason: 'It seems to be stuck.', isStuck: true };
const exited = (exitCode: number | null, signal: number | null = null): RunMachineEvent => ({
  type: 'session.exited',
  exitCode,
  signal,
});
const cutOff = (exitCode: number | null, signal: number | null = null): RunMachineEvent =>
  ({ ...exited(exitCode, signal), isCutOff: true }) as RunMachineEvent;

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
    name: 'a chat that was cut off waits for a person to let it go on',
    endsByItself: false,
    events: [...toWorking, cutOff(null, 9)],
    ends: 'paused',
    reason: 'The agent was ended by signal 9. Let it go on where it was, accept its work as it is, or cancel the run.',
  },
  {
    name: 'so does one whose end nobody saw',
    endsByItself: false,
    events: [...toWorking, cutOff(null)],
    ends: 'paused',
    reason:
      'The agent ended when no session host could see how. Let it go on where it was, accept its work as it is, or cancel the run.',
  },
  {
    name: 'it goes on',
    endsByItself: false,
    events: [...toWorking, cutOff(1), { ...resumed, session: 's2' }],
    ends: 'preparing',
    reason: '',
  },
  {
    name: 'what it was to mend is mended then',
    endsByItself: false,
    events: [...toGates, gateFailed(1), cutOff(1), { ...resumed, session: 's2' }],
    ends: 'fixing',
    reason: '',
  },
  {
    name: 'its work is accepted instead',
    endsByItself: false,
    events: [...toWorking, cutOff(1), approved(follows())],
    ends: 'done',
    reason: 'Accepted by Ada.',
  },
  {
    name: 'a script that was cut off failed: there is nothing to go on with',
    endsByItself: true,
    events: [...toWorking, cutOff(null, 9)],
    ends: 'failed',
    reason: 'The agent was ended by signal 9.',
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

/** What follows the work of a run. */
const rowsAfterWork: typeof rows = [
  { name: 'a chat that answered has gates to pass', endsByItself: false, events: toGates, ends: 'gating', reason: '' },
  {
    name: 'a program that ended has gates to pass',
    endsByItself: true,
    events: [...toWorking, { ...exited(0), follows: withGates } as RunMachineEvent],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'accepted work has gates to pass first',
    endsByItself: false,
    events: [...toWorking, approved(withGates)],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'accepted work that passes is delivered without another look',
    endsByItself: false,
    events: [...toWorking, approved(withGates), pass(1)],
    ends: 'delivering',
    reason: 'The gates pass.',
  },
  {
    name: 'a person looks at what an open chat did',
    endsByItself: false,
    events: [...toGates, pass(1)],
    ends: 'reviewing',
    reason: 'The work is complete. Look at it, then accept it or say more.',
  },
  {
    name: 'nobody looks when nobody is asked to',
    endsByItself: false,
    events: [...toGates, pass(1, follows({ review: 'never', delivery: 'branch' }))],
    ends: 'delivering',
    reason: 'The gates pass.',
  },
  {
    name: 'a chat without gates that nobody looks at is delivered when it has answered',
    endsByItself: false,
    events: [...toWorking, answered(follows({ review: 'never', delivery: 'commit' }))],
    ends: 'delivering',
    reason: '',
  },
  {
    name: 'a chat without gates stays where it is',
    endsByItself: false,
    events: [...toWorking, answered(follows({ delivery: 'commit' }))],
    ends: 'working',
    reason: '',
  },
  {
    name: 'a chat whose program has ended is not open',
    endsByItself: false,
    events: [...toGates, exited(0), pass(1)],
    ends: 'delivering',
    reason: 'The gates pass.',
  },
  {
    name: 'a person always looks when that is asked',
    endsByItself: true,
    events: [...toWorking, { ...exited(0), follows: follows({ review: 'always' }) } as RunMachineEvent],
    ends: 'reviewing',
    reason: 'The work is complete. Look at it, then accept it or say more.',
  },
  {
    name: 'what is said meanwhile is looked at again',
    endsByItself: false,
    events: [...toGates, pass(1), answered(withGates)],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'gates of an earlier time say nothing',
    endsByItself: false,
    events: [...toGates, answered(withGates), pass(2)],
    ends: 'reviewing',
    reason: 'The work is complete. Look at it, then accept it or say more.',
  },
  {
    name: 'a failed gate goes back to the agent',
    endsByItself: false,
    events: [...toGates, gateFailed(1)],
    ends: 'fixing',
    reason: 'It exited with status 1.',
  },
  {
    name: 'the agent mends it',
    endsByItself: false,
    events: [...toGates, gateFailed(1), answered(withGates), pass(2)],
    ends: 'reviewing',
    reason: 'The work is complete. Look at it, then accept it or say more.',
  },
  {
    name: 'a session that is lost over it goes on with it',
    endsByItself: false,
    events: [...toGates, gateFailed(1), { type: 'session.lost' }, { ...resumed, session: 's2' } as RunMachineEvent],
    ends: 'fixing',
    reason: '',
  },
  {
    name: 'after its rounds a person is asked',
    endsByItself: false,
    events: [...toGates, gateFailed(1), answered(withGates), gateFailed(2)],
    ends: 'paused',
    reason:
      'It exited with status 1. Its output went back to the agent once. Let it go on to have it mended, or accept the work as it is.',
  },
  {
    name: 'another gate has rounds of its own',
    endsByItself: false,
    events: [...toGates, gateFailed(1), answered(withGates), gateFailed(2, { gate: 'lint' })],
    ends: 'fixing',
    reason: 'It exited with status 1.',
  },
  {
    name: 'a person lets the agent mend it once more, with rounds anew',
    endsByItself: false,
    events: [...toGates, gateFailed(1, { rounds: 0 }), resumed, answered(withGates), gateFailed(2)],
    ends: 'fixing',
    reason: 'It exited with status 1.',
  },
  {
    name: 'after its rounds the work is taken back',
    endsByItself: false,
    events: [...toGates, gateFailed(1, { rounds: 0, onFailure: 'rewind' })],
    ends: 'rewinding',
    reason: 'It exited with status 1.',
  },
  {
    name: 'and then a person is asked',
    endsByItself: false,
    events: [
      ...toGates,
      gateFailed(1, { rounds: 0, onFailure: 'rewind' }),
      { type: 'run.rewound', checkpoint: 1, kept: 'refs/forge/kept/r/1', reason: 'Taken back.' },
    ],
    ends: 'paused',
    reason: 'Taken back.',
  },
  {
    name: 'a gate that cannot be run is no failure of the agent',
    endsByItself: false,
    events: [...toGates, { type: 'gates.broken', attempt: 1, reason: 'npx was not found.' }],
    ends: 'paused',
    reason: 'npx was not found.',
  },
  {
    name: 'and is run again when it was corrected',
    endsByItself: false,
    events: [...toGates, { type: 'gates.broken', attempt: 1, reason: 'npx was not found.' }, resumed, pass(2)],
    ends: 'reviewing',
    reason: 'The work is complete. Look at it, then accept it or say more.',
  },
  {
    name: 'is accepted whatever the gates say',
    endsByItself: false,
    events: [...toGates, gateFailed(1, { rounds: 0 }), approved(withGates)],
    ends: 'delivering',
    reason: 'Accepted by Ada.',
  },
  {
    name: 'is delivered and done',
    endsByItself: false,
    events: [...toGates, pass(1), approved(withGates), deliveredTo(false)],
    ends: 'done',
    reason: 'Accepted by Ada. It is on branch b.',
  },
  {
    name: 'waits until it is merged',
    endsByItself: false,
    events: [...toGates, pass(1), approved(withGates), deliveredTo(true)],
    ends: 'awaiting',
    reason: 'Accepted by Ada. It is on branch b.',
  },
  {
    name: 'its branch is gone',
    endsByItself: false,
    events: [
      ...[...toGates, pass(1), approved(withGates), deliveredTo(true)],
      { type: 'merge.missed', reason: 'Branch b is gone.' },
    ],
    ends: 'awaiting',
    reason: 'Branch b is gone.',
  },
  {
    name: 'was merged',
    endsByItself: false,
    events: [
      ...[...toGates, pass(1), approved(withGates), deliveredTo(true)],
      { type: 'merge.seen', reason: 'b was merged into main.' },
    ],
    ends: 'done',
    reason: 'b was merged into main.',
  },
  {
    name: 'a conflict is no success',
    endsByItself: false,
    events: [...toGates, pass(1), approved(withGates), conflicted],
    ends: 'paused',
    reason: expect.stringMatching(/^It does not merge with main: conflicts in a.ts, b.ts. Resumed, /),
  },
  {
    name: 'the agent is told to resolve a conflict',
    endsByItself: false,
    events: [...toGates, pass(1), approved(withGates), conflicted, { ...resumed, session: 's2' } as RunMachineEvent],
    ends: 'fixing',
    reason: '',
  },
  {
    name: 'what was resolved passes the gates again',
    endsByItself: false,
    events: [...toGates, pass(1), approved(withGates), conflicted, resumed, answered(withGates)],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'a delivery that failed is tried again',
    endsByItself: false,
    events: [
      ...[...toGates, pass(1), approved(withGates)],
      { type: 'delivery.failed', reason: 'Git does not know who you are.' },
      resumed,
    ],
    ends: 'delivering',
    reason: '',
  },
  {
    name: 'a program that finishes in a pause is not started again',
    endsByItself: true,
    events: [...toWorking, { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' }, exited(0)],
    ends: 'paused',
    reason: 'Paused by Ada. Its agent has finished meanwhile.',
  },
  {
    name: 'what it finished goes on to its gates',
    endsByItself: true,
    events: [
      ...[...toWorking, { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' } as const, exited(0)],
      { ...resumed, follows: withGates } as RunMachineEvent,
    ],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'what it finished is done, where nothing follows',
    endsByItself: true,
    events: [...toWorking, { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' }, exited(0), resumed],
    ends: 'done',
    reason: 'The agent finished.',
  },
  {
    name: 'an answer that comes late, in a pause, is taken when the run goes on',
    endsByItself: false,
    events: [...toWorking, { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' }, answered(withGates)],
    ends: 'paused',
    reason: 'Paused by Ada. Its agent has answered meanwhile.',
  },
  {
    name: 'its gates run then, whether its program is there or not',
    endsByItself: false,
    events: [
      ...[...toWorking, { type: 'run.paused', by: 'Ada', reason: 'Paused by Ada.' } as const, answered(withGates)],
      { ...resumed, follows: withGates } as RunMachineEvent,
    ],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'an agent that was thought to be stuck and answers all the same has worked: its gates run',
    endsByItself: false,
    events: [...toWorking, stuck, { ...answered(withGates), isLate: true } as RunMachineEvent],
    ends: 'gating',
    reason: '',
  },
  {
    name: 'the same without gates: it waits for what a person says next, as after any answer',
    endsByItself: false,
    events: [...toWorking, stuck, { ...answered(follows()), isLate: true } as RunMachineEvent],
    ends: 'working',
    reason: '',
  },
  {
    name: 'a script that was thought to be stuck and ends well is done',
    endsByItself: true,
    events: [...toWorking, stuck, { ...exited(0), isLate: true } as RunMachineEvent],
    ends: 'done',
    reason: 'The agent finished.',
  },
  {
    name: 'an agent that is stuck and dies has failed, and holds nothing any more',
    endsByItself: false,
    events: [...toWorking, stuck, { ...exited(null, 9), isLate: true } as RunMachineEvent],
    ends: 'failed',
    reason: 'It seemed to be stuck. The agent was ended by signal 9.',
  },
  {
    name: 'or another agent goes on instead',
    endsByItself: false,
    events: [...toWorking, stuck, fellBack, prepared, started],
    ends: 'working',
    reason: 'claude: Its provider takes no more. It goes on with script.',
  },
  {
    name: 'one that is stuck and is left is cancelled',
    endsByItself: false,
    events: [...toWorking, stuck, { ...exited(0), isLate: true } as RunMachineEvent],
    ends: 'cancelled',
    reason: 'The agent was left before it had answered.',
  },
  {
    name: 'an agent that dies while it waits for an answer has failed: nobody waits for the dead',
    endsByItself: false,
    events: [...toWorking, { type: 'agent.waiting', reason: 'permission' }, exited(null, 9)],
    ends: 'failed',
    reason: 'The agent was ended by signal 9.',
  },
  {
    name: 'what it was told by a gate, and mended late, is looked at again',
    endsByItself: false,
    events: [...toGates, gateFailed(1), stuck, { ...answered(withGates), isLate: true } as RunMachineEvent],
    ends: 'gating',
    reason: '',
  },
];
rows.push(...rowsAfterWork);

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

  test.each(runStatuses.filter((status) => !isRunEnded(status)))('can be cancelled while %s', (status) => {
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
      gating: 'gates',
      fixing: 'fix',
      rewinding: 'rewound',
      reviewing: 'nothing',
      delivering: 'delivery',
      awaiting: 'merge',
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
