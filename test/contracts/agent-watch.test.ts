import { expect, onTestFinished, test } from 'vitest';
import type { OperationContext } from '../../src/app/context.ts';
import { AgentWatch } from '../../src/app/supervisor/agent-watch.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import type { AgentCatalogue } from '../../src/ports/agents.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('what an agent used before another took its place is its own, and says nothing of the run it has left', () => {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => 1, jsonl: false });
  onTestFinished(() => store.dispose());
  const step = (event: { type: string } & Record<string, unknown>, row = {}) => ({
    ...{ event, status: 'working' as const, snapshot: { machineVersion: 2, snapshot: null }, row },
  });
  const task = store.tasks.add({ title: 'Bake' });
  const run = store.runs.create({ task: task.id, worker: 'ada', agent: 'first' }, () => step({ type: 'run.queued' }));
  const left = { type: 'run.fellBack', from: 'first', left: run.session, leftConversation: 'c1' };
  store.runs.append(run.id, step(left, { agent: 'second', session: 's2', conversation: null, worktree: '/w' }));

  const asked: unknown[] = [];
  const follow: AgentCatalogue['follow'] = ({ agent }, { session, conversation }, hear) => {
    asked.push([agent, session, conversation]);
    const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
    hear({ type: 'usage', entry: { key: session, model: 'm', tokens, usd: null, at: 1 } });
    hear({ type: 'conversation', id: `of ${session}` });
    return { dispose() {} };
  };
  const context = { store, project: { name: 'p', root: '/p' }, agents: { follow } } as unknown as OperationContext;
  const watch = new AgentWatch(
    context,
    () => {},
    () => {},
  );
  onTestFinished(() => watch.dispose());
  for (const id of [run.session, 's2', 'unknown']) {
    watch.observe({ id, labels: { run: run.id }, startedAt: 1, endedAt: null } as unknown as SessionFacts);
  }
  expect(asked).toEqual([
    ['first', run.session, 'c1'],
    ['second', 's2', null],
  ]);
  expect(store.usage.list().map(({ agent, conversation }) => [agent, conversation])).toEqual([
    ['first', 'c1'],
    ['second', 's2'],
  ]);
  expect(store.runs.get(run.id).conversation).toBe('of s2');
});

test('what was recorded after the end of a session is of the one that goes on in its conversation', () => {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => 1, jsonl: false });
  onTestFinished(() => store.dispose());
  const task = store.tasks.add({ title: 'Bake' });
  const begun = {
    status: 'working' as const,
    snapshot: { machineVersion: 2, snapshot: null },
    row: { worktree: '/w' },
  };
  const run = store.runs.create({ task: task.id, worker: 'ada', agent: 'first' }, () => ({
    event: { type: 'run.queued' },
    ...begun,
  }));
  let tell: (report: AgentReport) => void = () => {};
  const follow: AgentCatalogue['follow'] = (_agent, _session, hear) => {
    tell = hear;
    return { dispose() {} };
  };
  const context = { store, project: { name: 'p', root: '/p' }, agents: { follow } } as unknown as OperationContext;
  const watch = new AgentWatch(
    context,
    () => {},
    () => {},
  );
  onTestFinished(() => watch.dispose());
  const facts = { id: run.session, labels: { run: run.id }, startedAt: 1 };
  watch.observe({ ...facts, endedAt: null } as unknown as SessionFacts);
  watch.observe({ ...facts, endedAt: 100 } as unknown as SessionFacts);
  const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  for (const at of [99, 101])
    tell({ type: 'usage', entry: { key: `call at ${at}`, model: 'm', tokens, usd: null, at } });
  tell({ type: 'answer', at: 101 });
  expect(store.usage.list().map(({ key }) => key)).toEqual(['call at 99']);
  expect(store.words.get(run.session)).toBeNull();
});
