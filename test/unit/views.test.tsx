import type { ReactElement } from 'react';
import { expect, test } from 'vitest';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { type Cost, noCost } from '../../src/domain/cost.ts';
import type { Message } from '../../src/domain/message.ts';
import type { RadarView } from '../../src/domain/overlap.ts';
import { radarLines } from '../../src/domain/overlap-words.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import type { View } from '../../src/ui/app/view.ts';
import { actionFor, perform } from '../../src/ui/keymap/actions.ts';
import type { Hands } from '../../src/ui/keymap/hands.ts';
import { TitleBar } from '../../src/ui/kit/title-bar.tsx';
import { phaseMarks } from '../../src/ui/theme.ts';
import { board } from '../../src/ui/views/board.ts';
import { costs } from '../../src/ui/views/costs.ts';
import { Footer } from '../../src/ui/views/footer.tsx';
import { Header } from '../../src/ui/views/header.tsx';
import { PaneTitle } from '../../src/ui/views/pane-title.tsx';
import { ProblemLine } from '../../src/ui/views/problem-line.tsx';
import { Sidebar } from '../../src/ui/views/sidebar.tsx';
import { drawn } from '../support/drawn.ts';
import { projectView, run, session, task, worker } from '../support/project-view.ts';

const hands: Hands = {
  quit() {},
  send() {},
  end() {},
  forget() {},
  scrollBack() {},
  paste() {},
  switchProjects() {},
  leaderBytes: '\x11',
  edit: async (text) => ({ text, file: '', discard() {} }),
  followLogs: () => ({ dispose() {} }),
};

function modelOf(view: Partial<ProjectView>): DashboardModel {
  const model = new DashboardModel();
  model.receive(projectView(view));
  return model;
}

function shown(model: DashboardModel, element: ReactElement, cols: number, rows: number): string {
  const frame = drawn(model, element, cols, rows).join('\n').trimEnd();
  model.dispose();
  return frame;
}

const busyDay = () =>
  modelOf({
    workers: [worker('ada', 'fg-aaaa-1'), worker('bob', null)],
    tasks: [
      task('fg-bbbb', 'Ready and a title that is longer than the list'),
      task('fg-cccc', 'Blocked', { isReady: false, blockedBy: ['fg-bbbb'] }),
      task('fg-aaaa', 'Asks'),
      task('fg-dddd', 'Closed', { status: 'closed', isReady: false, closedAt: 2 }),
    ],
    runs: [run('fg-aaaa', 'ada')],
    sessions: [session('fg-aaaa', 'ada', 'waiting', 'approve \u001b[31mBash')],
  });

test('what needs a person is on top, with the reason, made harmless', () => {
  expect(shown(busyDay(), <Sidebar cols={30} rows={12} />, 30, 12)).toBe(
    [
      ' WORKERS',
      ' ▲ ada                   aaaa',
      ' · bob                   idle',
      '',
      ' TASKS',
      ' ▲ Asks                  aaaa',
      '   approve �[31mBash',
      ' ○ Ready and a title th… bbbb',
      ' ◌ Blocked               cccc',
      ' ✓ Closed                dddd',
    ].join('\n'),
  );
});

test('each standing of a task has a mark of its own: colours alone tell nothing', () => {
  const glyphs = Object.values(phaseMarks).map(({ glyph }) => glyph);
  expect(new Set(glyphs).size).toBe(glyphs.length);
});

test('a list that does not show all open tasks says how many there are, in the views of tasks too', () => {
  const many = () => modelOf({ tasks: [task('fg-bbbb', 'One'), task('fg-cccc', 'Two')], openTasks: 3_204 });
  expect(shown(many(), <Sidebar cols={30} rows={6} />, 30, 6)).toContain(' TASKS  2 of 3,204 open\n');
  const inView = (view: View) => {
    const model = many();
    model.set({ showing: view });
    return shown(model, <TitleBar view={view} cols={80} />, 80, 1);
  };
  expect(inView(board)).toContain(' 1/2  2 of 3,204 open');
  expect(inView(costs)).not.toContain('3,204');
});

test('runs that touch the same files are marked, and what waits to be merged says for what', () => {
  const model = modelOf({
    workers: [worker('ada', 'fg-aaaa-1')],
    tasks: [task('fg-aaaa', 'Bread'), task('fg-bbbb', 'Cake'), task('fg-cccc', 'Tart')],
    runs: [
      run('fg-aaaa', 'ada'),
      run('fg-bbbb', 'bob', { status: 'awaiting', reason: 'It is on the branch cake.' }),
      run('fg-cccc', 'eve', { status: 'delivering' }),
    ],
    radar: {
      overlaps: [
        {
          between: ['fg-aaaa-1', 'fg-bbbb-1'],
          conflicts: true,
          files: [{ path: 'a.ts', conflicts: true, lines: [[[3, 5]], [[4, 4]]] }],
        },
        {
          between: ['fg-aaaa-1', 'fg-cccc-1'],
          conflicts: false,
          files: [{ path: 'b.ts', conflicts: false, lines: [[[1, 1]], [[9, 9]]] }],
        },
      ],
      order: [
        { run: 'fg-bbbb-1', conflicts: null },
        { run: 'fg-aaaa-1', conflicts: { files: ['a.ts'], with: ['fg-bbbb-1'] } },
      ],
    },
  });
  const sidebar = shown(model, <Sidebar cols={32} rows={9} />, 32, 9);
  expect(sidebar).toMatch(/ada +≠ aaaa/);
  expect(sidebar).toMatch(/Bread +≠ aaaa/);
  expect(sidebar).toMatch(/Tart +≈ cccc/);
  expect(sidebar).toMatch(/◇ Cake +≠ bbbb\n +It is on the branch cake\./);
  expect(radarLines(model.state.view?.radar as RadarView).map(({ text }) => text)).toEqual([
    'fg-aaaa-1 and fg-bbbb-1: conflict',
    '  ≠ a.ts  fg-aaaa-1: 3-5; fg-bbbb-1: 4',
    '',
    'fg-aaaa-1 and fg-cccc-1: merge cleanly',
    '  ≈ b.ts  fg-aaaa-1: 1; fg-cccc-1: 9',
    '',
    'Order of merging',
    '  1. fg-bbbb-1',
    '  2. fg-aaaa-1  conflicts with fg-bbbb-1 in a.ts: to be resolved by then',
  ]);
});

test('an empty project says what to do', () => {
  expect(shown(modelOf({}), <Sidebar cols={30} rows={5} />, 30, 5)).toContain('none yet: n makes one');
});

test('the header counts, and says when the supervisor is away', () => {
  const model = busyDay();
  model.connect(null);
  const frame = shown(model, <Header cols={110} />, 110, 1);
  expect(frame).toMatch(/forge {2}shop \(stealth\) {2}▲ 1 needs you {2}○ 1 ready {2}◌ 1 blocked/);
  expect(frame).toContain('supervisor away');
});

const costly = () => {
  const model = busyDay();
  const cost = (usd: number, more: Partial<Cost> = {}): Cost => ({ ...noCost, usd, ...more });
  const runs = { 'fg-aaaa-1': cost(1.2, { isEstimated: true }) };
  model.receive({ costs: { today: cost(123.45, { hasUnknown: true }), total: cost(200), runs } });
  return model;
};

test('the demo says so on 80 columns too, and leaves room for how all tasks stand', () => {
  const demo = busyDay();
  demo.set({ isDemo: true });
  const frame = shown(demo, <Header cols={80} />, 80, 1);
  expect(frame).toMatch(/ DEMO {3}shop \(stealth\) {2}▲ 1 needs you {2}○ 1 ready {2}◌ 1 blocked {2}✓ 1 done/);
});

test('what today cost is on the first line, and fits on 80 columns', () => {
  const frame = shown(costly(), <Header cols={80} />, 80, 1);
  expect(frame).toMatch(/^ forge {2}shop.* ▲ 1 needs you .* {2}today ≥ \$123\.45$/);
  expect(frame).toHaveLength(80);
  expect(shown(busyDay(), <Header cols={80} />, 80, 1)).not.toContain('today');
});

test('a worker shows what its run cost', () => {
  expect(
    shown(costly(), <Sidebar cols={25} rows={10} />, 25, 10)
      .split('\n')
      .slice(1, 3),
  ).toEqual([' ▲ ada       aaaa ~$1.20', ' · bob              idle']);
});

test.each([
  ['gating' as const, [{ gate: 'test', since: 1, lastLine: '' }], 'ada gate test 5s'],
  ['gating' as const, [], 'ada gates'],
  ['reviewing' as const, [], 'ada review'],
  ['working' as const, [], 'ada waiting 5s'],
])('the title of a pane says what becomes of the work: %s', (status, gates, words) => {
  const model = costly();
  const item = model.items.find(({ task }) => task.id === 'fg-aaaa');
  if (!item?.session || !item.run) throw new Error('The task has no session.');
  const there = { ...item, run: { ...item.run, status } };
  const looks = {
    project: null,
    name: '',
    number: 1,
    cols: 60,
    now: 5_001,
    isSelected: false,
    isTyping: false,
    isPinned: false,
    copy: null,
    messages: [],
  };
  const title = (
    <PaneTitle session={item.session} item={there} cost={null} gates={gates} onClick={() => {}} {...looks} />
  );
  expect(shown(model, title, 60, 1)).toContain(words);
});

test.each([
  [54, ' 1  ▲ Asks                ada waiting 5s ~$1.20 +3 -1'],
  [40, ' 1  ▲ Asks  ada waiting 5s ~$1.20 +3 -1'],
  [39, ' 1  ▲ Asks        ada waiting 5s +3 -1'],
])('the title of a pane of %i columns shows the cost where there is room', (cols, line) => {
  expect(titleOf(cols, [])).toBe(line);
});

const queued: Message = {
  ...{ id: 1, session: 's', text: 'And then?', state: 'queued', note: '', actor: 'ada', createdAt: 1 },
  ...{ typedAt: null, acceptedAt: null, answeredAt: null },
};

/** Of an agent that asks, has changed lines and cost something. */
function titleOf(cols: number, messages: Message[]): string {
  const model = costly();
  const item = model.items.find(({ task }) => task.id === 'fg-aaaa');
  if (!item?.session || !item.run) throw new Error('The task has no session.');
  const changed = { ...item, run: { ...item.run, filesChanged: 1, linesAdded: 3, linesRemoved: 1 } };
  const cost = model.state.view?.costs.runs['fg-aaaa-1'] ?? null;
  const looks = {
    project: null,
    name: '',
    number: 1,
    cols,
    now: 5_001,
    isSelected: false,
    isTyping: false,
    isPinned: false,
    copy: null,
    messages,
    gates: [],
    onClick() {},
  };
  return shown(model, <PaneTitle session={item.session} item={changed} cost={cost} {...looks} />, cols, 1);
}

test.each([
  [64, ' 1  ▲ Asks                 ada waiting 5s ~$1.20 +3 -1 1 queued'],
  [54, ' 1  ▲ Asks                    ada waiting 5s 1 queued'],
])('in the title of a pane of %i columns the task is not lost to a prompt on its way', (cols, line) => {
  expect(titleOf(cols, [queued])).toBe(line);
});

test('a standing problem has a line, and the others are counted', () => {
  const model = busyDay();
  expect(shown(model, <ProblemLine cols={60} />, 60, 1)).toBe('');
  model.receive({ problems: ['The budget of day 2026-11-21 is spent to 85 %: $8.50 of $10.00.', 'another'] });
  expect(shown(model, <ProblemLine cols={60} />, 60, 1)).toBe(
    ' ▲ The budget of day 2026-11-21 is spent to 85 … and 1 more',
  );
});

test('the last line offers only what can be done now', () => {
  const model = busyDay();
  expect(model.current?.task.id).toBe('fg-aaaa');
  const line = shown(
    model,
    <Footer cols={110} leader="Ctrl-Q" isSingle={false} copy={{ focused: null, get: () => null }} />,
    110,
    1,
  );
  expect(line).toContain('a accept');
  expect(line).not.toContain('d dispatch');
});

test('of the keys on the last line those that lead to the others stay when there is no room', () => {
  const model = busyDay();
  const footer = <Footer cols={45} leader="Ctrl-Q" isSingle={false} copy={{ focused: null, get: () => null }} />;
  expect(shown(model, footer, 45, 1)).toBe(' enter open  w who waits  ? help  q leave');
});

test('an action that cannot be done says why', () => {
  const model = busyDay();
  const dispatch = actionFor('d');
  if (!dispatch) throw new Error('d does nothing');
  perform(dispatch, model, hands);
  expect(model.state.message?.text).toBe('Dispatch the task to a worker: it is being worked on by ada.');
  model.dispose();
});

test('typing ends when the pane is gone; a task that is just added is waited for', () => {
  const model = busyDay();
  model.set({ pane: 'fg-aaaa-1.abcd', zone: 'panes', isTyping: true });
  model.set({ selected: 'fg-new1' });
  model.receive({ sessions: [] });
  expect(model.state).toMatchObject({ isTyping: false, zone: 'list', selected: 'fg-new1' });
  model.receive({ tasks: [task('fg-new1', 'New')] });
  expect(model.current?.task.title).toBe('New');
  model.dispose();
});
