import { expect, test } from 'vitest';
import type { AppClient } from '../../src/app/client.ts';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { noCost } from '../../src/domain/cost.ts';
import type { SessionView } from '../../src/domain/session.ts';
import type { TaskView } from '../../src/domain/task.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { actOn } from '../../src/ui/keymap/act-on.ts';
import { Header } from '../../src/ui/views/header.tsx';
import { ProblemLine } from '../../src/ui/views/problem-line.tsx';
import { Sidebar } from '../../src/ui/views/sidebar.tsx';
import { drawn } from '../support/drawn.ts';

function task(id: string, title: string): TaskView {
  return {
    ...{ id, title, body: '', status: 'open', priority: 2, labels: [], dependsOn: [], parent: null },
    ...{ createdAt: 1, updatedAt: 1, closedAt: null, blockedBy: [], isReady: true },
  };
}

function viewOf(name: string, tasks: TaskView[], sessions: SessionView[] = []): ProjectView {
  const canFork = false;
  const worker = { name: 'ada', agent: 'claude', mode: 'coder', run: null, problem: null, canFork, variables: [] };
  return {
    project: { name, root: `/${name}`, mode: 'standard' },
    ...{
      workers: [worker],
      tasks,
      openTasks: 0,
      undo: null,
      redo: null,
      runs: [],
      sessions,
      batches: [],
      messages: [],
    },
    costs: { today: noCost, total: noCost, runs: {} },
    ...{ gates: {}, radar: { overlaps: [], order: [] }, problems: [] },
  };
}

/** A park and a shop; `asked` is what was asked of which project. */
function world() {
  const model = new DashboardModel();
  const asked: string[] = [];
  model.show([shownProject('park', 'pa'), shownProject('shop', 'sp')]);
  for (const root of ['/shop', '/park']) {
    const call = async (name: string) => void asked.push(`${root} ${name}`);
    model.connect({ call } as unknown as AppClient, root);
  }
  return { model, asked };
}

function shownProject(name: string, prefix: string, problem: string | null = null) {
  return { root: `/${name}`, name, prefix, problem };
}

test('the list has each project with its prefix, its workers and its tasks, or why there is nothing', () => {
  const { model } = world();
  model.receive(viewOf('shop', [task('sp-aaaa', 'Sell bread')]), '/shop');
  expect(drawn(model, <Sidebar cols={30} rows={9} />, 30, 9)).toEqual([
    ...[' PARK  pa', '   …', ''],
    ...[' SHOP  sp', ' · ada                   idle', ' ○ Sell bread            aaaa'],
    ...['', '', ''],
  ]);
  model.fail('/park', 'Forge is not set up in /park.');
  expect(drawn(model, <Sidebar cols={36} rows={9} />, 36, 9).slice(0, 2)).toEqual([
    ' PARK  pa',
    '   Forge is not set up in /park.',
  ]);
  expect(drawn(model, <ProblemLine cols={60} />, 60, 1)).toEqual([' ▲ park: Forge is not set up in /park.']);
  model.receive(viewOf('park', []), '/park');
  expect(drawn(model, <Sidebar cols={30} rows={9} />, 30, 9)[2]).toBe('   no tasks');
});

test('what is done is done in the project of the selection, and the header says which that is', async () => {
  const { model, asked } = world();
  model.receive(viewOf('shop', [task('sp-aaaa', 'Sell bread')]), '/shop');
  model.receive(viewOf('park', [task('pa-aaaa', 'Plant a tree')]), '/park');
  expect(model.current?.task.id).toBe('sp-aaaa');
  expect(drawn(model, <Header cols={80} />, 80, 1)[0]).toContain('2 projects, in shop');
  actOn.toggleClosed(model);
  actOn.move(model, 0, -1);
  actOn.move(model, 0, -1);
  expect(model.current?.task.id).toBe('pa-aaaa');
  expect(model.state.view?.project.name).toBe('park');
  expect(drawn(model, <Header cols={80} />, 80, 1)[0]).toMatch(/2 projects, in park .* 2 ready/);
  actOn.toggleClosed(model);
  await Promise.resolve();
  expect(asked).toEqual(['/shop task.close', '/park task.close']);
});

test('while a dialog is open, what it asks goes to the project that it was opened for', async () => {
  const { model, asked } = world();
  model.receive(viewOf('shop', [task('sp-aaaa', 'Sell bread')]), '/shop');
  model.receive(viewOf('park', [task('pa-aaaa', 'Plant a tree')]), '/park');
  model.set({ dialog: { kind: 'task-form', item: null } });
  // Somebody else has closed it meanwhile: the selection moves on.
  model.receive({ tasks: [] }, '/shop');
  expect(model.selectedRow?.project).toBe('/park');
  await model.ask((client) => client.call('task.list', {}));
  model.set({ dialog: null });
  await model.ask((client) => client.call('task.list', {}));
  expect(asked).toEqual(['/shop task.list', '/park task.list']);
});

test('panes of all projects are side by side, also those of workers of one name', () => {
  const { model } = world();
  model.receive(viewOf('shop', [], [ended('s1', '/shop', 5)]), '/shop');
  model.receive(viewOf('park', [], [ended('p1', '/park', 9)]), '/park');
  expect(model.panes.map(({ id }) => id)).toEqual(['s1', 'p1']);
});

test('one alone is the project of the selection, and news of the others changes nothing then', () => {
  const { model } = world();
  model.receive(viewOf('shop', [task('sp-aaaa', 'Sell bread')]), '/shop');
  model.receive(viewOf('park', [task('pa-aaaa', 'Plant a tree')]), '/park');
  model.show(null);
  model.receive({ tasks: [] }, '/park');
  expect(model.rows.map(({ key }) => key)).toEqual(['worker:ada', 'sp-aaaa']);
  expect(drawn(model, <Header cols={80} />, 80, 1)[0]).toContain('forge  shop');
});

test('one that could not be reached and then is has no problem any more; one that is removed goes, with its selection', () => {
  const { model } = world();
  model.receive(viewOf('shop', [task('sp-aaaa', 'Sell bread')]), '/shop');
  model.receive(viewOf('park', [task('pa-aaaa', 'Plant a tree')]), '/park');
  for (const root of ['/shop', '/park']) model.fail(root, 'It cannot be reached.');
  expect(model.problems).toHaveLength(2);
  for (const root of ['/shop', '/park']) model.receive({ problems: [] }, root);
  expect(model.problems).toEqual([]);
  expect(model.state.view?.project.name).toBe('shop');
  model.show([shownProject('park', 'pa')]);
  expect([model.state.view?.project.name, model.current?.task.id]).toEqual(['park', 'pa-aaaa']);
});

function ended(id: string, project: string, startedAt: number): SessionView {
  return {
    ...{ id, labels: { project, worker: 'ada', run: `${id}-1` }, command: ['claude'], cwd: '/w', pid: 1 },
    ...{ cols: 80, rows: 24, startedAt, lastOutputAt: 1, lastInputAt: null, bellAt: null, title: '', program: null },
    ...{ endedAt: startedAt + 1, exitCode: 0, signal: null, isLost: false },
    status: { state: 'done', reason: '', evidence: 'a test', since: 1 },
  };
}
