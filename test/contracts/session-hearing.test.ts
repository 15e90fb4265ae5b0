import { expect, onTestFinished, test } from 'vitest';
import { rowAfter } from '../../src/app/supervisor/row-after.ts';
import { SessionHearing } from '../../src/app/supervisor/session-hearing.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import type { RunMachineEvent } from '../../src/machines/run-events.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// What is said of sessions, and what it does to their runs.

function atWork() {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: Date.now, jsonl: false });
  onTestFinished(() => store.dispose());
  const { id: task } = store.tasks.add({ title: 'Bake bread' });
  const first = beginRun({ endsByItself: false });
  const { id } = store.runs.create({ task, worker: 'ada', agent: 'claude' }, () => ({
    ...{ event: { type: 'run.queued' }, status: first.status, snapshot: first.snapshot, row: {} },
  }));
  const apply = (event: RunMachineEvent, note: Record<string, unknown> = {}) => {
    const after = stepRun(store.runs.snapshot(id), event);
    if (!after) return;
    const { status, snapshot } = after;
    store.runs.append(id, { event: { ...event, ...note }, status, snapshot, row: rowAfter(event, after, Date.now()) });
  };
  apply({ type: 'run.started' });
  apply({ type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' });
  apply({ type: 'session.started', pid: 7 });
  const facts: SessionFacts = {
    ...{
      id: store.runs.get(id).session,
      labels: { run: id, project: '/shop' },
      command: ['claude'],
      cwd: '/w',
      pid: 7,
    },
    ...{ cols: 80, rows: 24, startedAt: 1, lastOutputAt: null, lastInputAt: null, bellAt: null, title: '' },
    ...{ program: null, endedAt: null, exitCode: null, signal: null, isLost: false },
  };
  const hearing = new SessionHearing({
    context: { store, project: { name: 'shop', root: '/shop' } },
    host: { known: () => [facts] },
    statusOf: () => null,
    isStarted: () => true,
    onEvent: (_run, event, note) => apply(event, note),
    onAfterEnd: () => {},
  });
  const run = () => store.runs.get(id);
  const told = () =>
    store.runs
      .events(id)
      .slice(4)
      .map(({ type }) => type);
  const hear = (report: AgentReport) => hearing.hear(facts.id, report);
  return { hearing, facts, hear, run, told, apply };
}

const waits = (at: number): AgentReport => ({ type: 'state', state: 'waiting', reason: 'permission', at });

test('a notice that comes late says nothing: who has answered since waits for nobody', () => {
  const { hear, run, told } = atWork();
  hear(waits(10));
  expect(run().reason).toBe('permission');
  hear({ type: 'answer', at: 30 });
  hear(waits(20));
  hear(waits(10));
  expect(run()).toMatchObject({ status: 'working', reason: '' });
  expect(told()).toEqual(['agent.waiting', 'agent.answered']);
});

test('what is said of an earlier session of the run, or of another project, changes nothing', () => {
  const { hearing, facts, run, told, apply } = atWork();
  apply({ type: 'run.paused', by: 'ada', reason: 'Paused by ada.' });
  apply({ type: 'run.resumed', by: 'ada', session: 'fg-a-1.next' });
  apply({ type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' });
  const died = { endedAt: 40, exitCode: 1, signal: null };
  const blocked = { state: 'blocked', app: 'chat', kind: null, message: 'permission', at: 50 } as const;
  hearing.observe({ ...facts, ...died });
  hearing.observe({ ...facts, program: blocked });
  hearing.observe({ ...facts, id: run().session, labels: { ...facts.labels, project: '/other' }, ...died });
  expect(told()).toEqual(['run.paused', 'run.resumed', 'worktree.prepared']);
});

test('an end is told once, however often it is seen', () => {
  const { hearing, facts, run, told } = atWork();
  const unseen = { ...facts, endedAt: 40 };
  for (let times = 0; times < 3; times += 1) hearing.observe(unseen);
  expect(told()).toEqual(['session.exited']);
  expect(run().reason).toMatch(/^The agent ended when no session host could see how\./);
});
