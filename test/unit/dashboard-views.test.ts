import stringWidth from 'string-width';
import { afterEach, expect, test, vi } from 'vitest';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { noCost } from '../../src/domain/cost.ts';
import type { MessageState } from '../../src/domain/message.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import { graph } from '../../src/ui/views/graph.ts';
import { projectView, run, session, task, worker } from '../support/project-view.ts';
import { keys, ShownDashboard } from '../support/shown-dashboard.ts';

let dashboard: ShownDashboard;
afterEach(() => dashboard.dispose());

function open(view: Partial<ProjectView>, options: ConstructorParameters<typeof ShownDashboard>[1] = {}): void {
  dashboard = new ShownDashboard(view, options);
}

const usd = (amount: number) => ({ ...noCost, usd: amount });

/** A task in each column of the board. */
const day = (): Partial<ProjectView> => ({
  workers: [worker('ada', 'fg-asks-1'), worker('bob', 'fg-work-1'), worker('eve', 'fg-done-1')],
  tasks: [
    task('fg-redy', 'Bake bread', { priority: 0 }),
    task('fg-rea2', 'Sweep the floor'),
    task('fg-blck', 'Sell bread', { isReady: false, dependsOn: ['fg-redy'], blockedBy: ['fg-redy'] }),
    task('fg-asks', 'Order flour'),
    task('fg-work', 'Light the oven'),
    task('fg-done', 'Count the bags'),
    task('fg-clos', 'Open the shop', { status: 'closed', isReady: false, closedAt: 5 }),
  ],
  runs: [
    run('fg-asks', 'ada', { createdAt: 3 }),
    run('fg-work', 'bob', { createdAt: 2, linesAdded: 30, linesRemoved: 4, filesChanged: 1 }),
    run('fg-done', 'eve', { createdAt: 1 }),
    run('fg-clos', 'eve', { status: 'done', endedAt: 9, startedAt: 4 }),
  ],
  sessions: [
    session('fg-asks', 'ada', 'waiting', 'permission: Bash'),
    session('fg-work', 'bob', 'busy'),
    session('fg-done', 'eve', 'done'),
  ],
  costs: { today: noCost, total: noCost, runs: { 'fg-asks-1': usd(1), 'fg-work-1': usd(3), 'fg-clos-1': usd(2) } },
});

test('the board has a column for each standing, and arrows go from card to card', async () => {
  open(day());
  dashboard.press('B');
  await dashboard.sees(/READY 2 .*│ BLOCKED 1 .*│ RUNNING 1 .*│ NEEDS YOU 1 .*│ REVIEW 1 .*│ DONE 1/);
  await dashboard.sees(
    /○ Bake bread +│ ◌ Sell bread +│ ● Light the oven +│ ▲ Order flour +│ ▲ Count the bags +│ ✓ Open the shop/,
  );
  dashboard.press(keys.home);
  await dashboard.selects('Bake bread');
  dashboard.press(keys.down);
  await dashboard.selects('Sweep the floor');
  // At the same height there is nothing: the nearest is taken.
  dashboard.press(keys.right);
  await dashboard.selects('Sell bread');
  dashboard.press('l', 'l', 'l', 'l');
  await dashboard.selects('Open the shop');
  dashboard.press(keys.right, 'h');
  await dashboard.selects('Count the bags');
  // Actions mean the selected card.
  dashboard.press('a');
  await dashboard.sees('Accept the work of eve on fg-done?');
});

test('a card says first what its task waits for; what is queued has a column when there is something', async () => {
  open(day());
  dashboard.press('B');
  await dashboard.sees(/waits for redy ·[\s\S]*blck/);
  await dashboard.sees(/permission: Bash/);
  await dashboard.seesNo('QUEUED');
  const waits = run('fg-rea2', '', { status: 'queued', reason: 'no worker is idle', startedAt: null });
  dashboard.model.receive({ ...day(), runs: [...(day().runs ?? []), waits] });
  await dashboard.sees(/READY 1 .*│ BLOCKED 1 .*│ QUEUED 1 .*│ RUNNING 1/);
  await dashboard.sees(/no worker is[\s\S]*idle ·/);
  // With more cards than fit that way each has a row less.
  const more = Array.from({ length: 9 }, (_, index) => task(`fg-mor${index}`, 'Wash up'));
  dashboard.model.receive({ tasks: [...(day().tasks ?? []), ...more] });
  await dashboard.sees(/waits for redy …/);
  await dashboard.sees('no worker is id…');
});

test('on a narrow screen the board shows the columns around the selected one', async () => {
  open(day(), { cols: 60, rows: 20 });
  dashboard.press('B', keys.home);
  await dashboard.sees(/READY 2 .*BLOCKED 1 .*RUNNING 1 *›/);
  dashboard.press(...'lllll');
  await dashboard.sees(/‹NEEDS YOU 1 .*REVIEW 1 .*DONE 1/);
  expect(dashboard.lines.every((line) => stringWidth(line) <= 60)).toBe(true);
});

test('the same key and escape lead back to the panes; another goes to another view', async () => {
  open(day());
  dashboard.press('B');
  await dashboard.sees('NEEDS YOU 1');
  dashboard.press('B');
  await dashboard.sees('WORKERS');
  dashboard.press('H');
  await dashboard.sees('took');
  dashboard.press('B');
  await dashboard.sees('NEEDS YOU 1');
  dashboard.press(keys.escape);
  await dashboard.sees('WORKERS');
});

test('runs are listed with state, worker and cost, sorted by a key, and enter shows one', async () => {
  open(day(), { answers: {} });
  dashboard.press('H');
  await dashboard.sees(/● working +Light the oven +bob +claude/);
  // What waits for a person is not called working.
  await dashboard.sees(/▲ waiting +Order flour +ada .*\n.*\n.*▲ finished +Count the bags +eve/);
  await dashboard.sees(' +30 -4  ');
  expect(dashboard.terminal.writes.join('')).toContain('\x1b[32m+30 \x1b[31m-4');
  expect(order()).toEqual(['Order flour', 'Light the oven', 'Count the bags', 'Open the shop']);
  dashboard.press('s', 's', 's', 's', 's');
  await dashboard.sees('by cost');
  expect(order()).toEqual(['Light the oven', 'Open the shop', 'Order flour', 'Count the bags']);
  dashboard.press(keys.home, keys.enter);
  await dashboard.sees('Run fg-work-1');
});

const titles = ['Order flour', 'Light the oven', 'Count the bags', 'Open the shop'];

/** The titles in the order in which they stand below each other. */
function order(): string[] {
  return dashboard.lines.flatMap((line) => titles.filter((title) => line.includes(title)));
}

test('an older run of a task is what actions mean while it is selected', async () => {
  const older = run('fg-clos', 'ada', { id: 'fg-clos-0', status: 'failed', endedAt: 2, createdAt: 0 });
  open({ ...day(), runs: [...(day().runs ?? []), older] });
  dashboard.press('H', keys.end);
  await dashboard.selects('failed');
  dashboard.press('v');
  await dashboard.sees('Review fg-clos-0 failed');
});

test('a filter takes hold while it is typed; escape shows all, at the same line', async () => {
  open(day());
  dashboard.press('H', '/');
  await dashboard.sees('words that the line has');
  dashboard.press('BAG eve');
  await dashboard.sees('1 found');
  await dashboard.seesNo('Order flour');
  dashboard.press(keys.enter);
  await dashboard.sees('of 4  /BAG eve');
  await dashboard.selects('Count the bags');
  dashboard.press(keys.escape, '/', '+30 -4');
  await dashboard.sees('1 found');
  await dashboard.selects('Light the oven');
  dashboard.press(keys.escape, '/', 'BAG eve', keys.enter);
  await dashboard.sees('of 4  /BAG eve');
  dashboard.press('/', 'x');
  await dashboard.sees('Nothing here has “BAG evex” in it.');
  dashboard.press('\x7f', keys.escape);
  await dashboard.sees('Order flour');
  await dashboard.selects('Count the bags');
  expect(dashboard.model.state.showing?.id).toBe('runs');
});

test('who waits is in a queue: a digit answers, Z puts off until something changes', async () => {
  open(day());
  dashboard.press('A');
  await dashboard.sees(/Order flour +permission: Bash +ada/);
  await dashboard.sees(/Count the bags +finished: look and accept +eve/);
  dashboard.press(keys.home, '2');
  await dashboard.wasAsked('send fg-asks-1.abcd "2"');
  await dashboard.sees('2 was typed for ada.');
  dashboard.press(keys.down, '1');
  await dashboard.sees('Nothing is asked here that a digit would answer');
  expect(dashboard.asked).toEqual(['send fg-asks-1.abcd "2"']);
  dashboard.press(keys.up, 'Z');
  await dashboard.seesNo('Order flour');
  const sessions = (day().sessions ?? []).map((view) =>
    view.labels.worker === 'ada' ? { ...view, status: { ...view.status, reason: 'question', since: 9 } } : view,
  );
  dashboard.model.receive({ sessions });
  await dashboard.sees(/Order flour +question/);
});

test('whoever comes on top does not get the answer that was meant for another; nor does whoever follows', async () => {
  const urgent = (id: string) => task(id, `Urgent ${id}`, { priority: 0, createdAt: 0 });
  const asks = (id: string) => ({ ...session(id, `worker-${id}`, 'waiting', 'permission'), startedAt: 2 });
  open(day());
  dashboard.press('A');
  await dashboard.selects('Order flour');
  const add = (...ids: string[]) =>
    dashboard.model.receive({
      tasks: [...(day().tasks ?? []), ...ids.map(urgent)],
      runs: [...(day().runs ?? []), ...ids.map((id) => run(id, `worker-${id}`))],
      sessions: [...(day().sessions ?? []), ...ids.map(asks)],
    });
  add('fg-urg1');
  await dashboard.sees('Urgent fg-urg1');
  await dashboard.selects('Order flour');
  dashboard.press('1');
  await dashboard.wasAsked('send fg-asks-1.abcd "1"');
  // It is put off: the next one is selected, and stays so when another comes before it.
  dashboard.press('Z');
  await dashboard.selects('Count the bags');
  add('fg-urg1', 'fg-urg2');
  await dashboard.sees('Urgent fg-urg2');
  await dashboard.selects('Count the bags');
});

test('a digit is not taken right after the line that it was meant for has gone', async () => {
  const others = [session('fg-done', 'eve', 'waiting', 'permission: Delete'), session('fg-work', 'bob', 'busy')];
  open({ ...day(), sessions: [session('fg-asks', 'ada', 'waiting', 'permission: Bash'), ...others] });
  dashboard.press('A');
  await dashboard.selects('Order flour');
  dashboard.model.receive({ sessions: [session('fg-asks', 'ada', 'busy'), ...others] });
  dashboard.press('1');
  await dashboard.sees('eve has only just come to stand here');
  expect(dashboard.asked).toEqual([]);
});

test('enter on one that waits goes into its pane', async () => {
  open(day());
  dashboard.press('A', keys.home);
  await dashboard.selects('Order flour');
  dashboard.press(keys.enter);
  await dashboard.comesTo('typing', ({ state }) => state.isTyping && state.pane === 'fg-asks-1.abcd');
  expect(dashboard.model.state.showing).toBeNull();
});

test('batches show how far they are and what holds them up', async () => {
  const batch = {
    name: 'spring',
    createdAt: 1,
    tasks: [
      { id: 'fg-redy', title: 'Bake bread', project: 'shop', state: 'ready', note: '', cost: null },
      { id: 'fg-blck', title: 'Sell bread', project: 'shop', state: 'blocked', note: 'waits for fg-redy', cost: null },
      { id: 'fg-clos', title: 'Open the shop', project: 'shop', state: 'closed', note: '', cost: null },
      { id: 'fg-work', title: 'Light the oven', project: 'shop', state: 'running', note: 'bob, working', cost: usd(3) },
      { id: 'fg-asks', title: 'Order flour', project: 'shop', state: 'running', note: 'ada, working', cost: usd(1) },
    ],
    closed: 1,
    cost: usd(5),
    budget: null,
  };
  open(day(), { answers: { 'batch.list': [batch] } });
  dashboard.press('S');
  await dashboard.sees(/spring +━━─+ 1\/5 +\$5\.00 +2 running, 1 ready, 1 blocked/);
  await dashboard.sees(/◌ Sell bread +blocked {2}shop +waits for fg-redy/);
  await dashboard.sees(/● Light the oven .*bob, working/);
  await dashboard.sees(/▲ Order flour .*ada: permission: Bash/);
  await dashboard.seesNo('Open the shop');
  // Somebody else has put a task into it.
  const asked = () => dashboard.calls.filter(({ operation }) => operation === 'batch.list').length;
  const before = asked();
  dashboard.model.receive({ batches: [{ name: 'spring', createdAt: 1, tasks: [] }] });
  expect(asked()).toBe(before + 1);
  dashboard.press(keys.down);
  await dashboard.selects('Bake bread');
  dashboard.press('d');
  await dashboard.sees('the first that can take it');
});

test.each([1, 3, 30])(
  '%i workers to choose from: every line of the dialog is whole on a small screen',
  async (count) => {
    const workers = Array.from({ length: count }, (_, n) => worker(`w${n}`, null));
    const answers = { 'run.outlook': { worker: 'w0', why: 'It is the first idle one. '.repeat(4) } };
    open({ ...day(), workers }, { answers, cols: 80, rows: 24 });
    await dashboard.selects('Order flour');
    for (let n = 0; n < 3; n++) dashboard.press(keys.down);
    await dashboard.selects('Bake bread');
    dashboard.press('d');
    await dashboard.sees('the first that can take it: w0');
    await dashboard.sees('│ Bake bread ');
    for (let n = 0; n < Math.min(count, 11); n++) await dashboard.sees(new RegExp(`│ +w${n} .*claude`));
    await dashboard.sees('enter dispatch · ↑↓ choose · esc back');
  },
);

test('a task goes from one batch into a new one, and out of it', async () => {
  const inBatch = (name: string) => ({
    ...{ name, createdAt: 1, closed: 0, cost: null, budget: null },
    tasks: [{ id: 'fg-asks', title: 'Order flour', project: 'shop', state: 'running', note: '', cost: null }],
  });
  const changes = () => dashboard.calls.filter(({ operation }) => operation !== 'batch.list');
  const answers = { 'batch.create': {}, 'batch.remove': {}, 'batch.add': {} };
  open(day(), { answers: { ...answers, 'batch.list': [inBatch('spring')] } });
  await dashboard.selects('Order flour');
  dashboard.press('i');
  await dashboard.sees('[x] spring');
  dashboard.press('summer');
  await dashboard.sees('a new batch: summer');
  dashboard.press(keys.enter);
  await dashboard.sees('fg-asks is in the batch summer.');
  const tasks = ['fg-asks'];
  expect(changes()).toEqual([
    { operation: 'batch.create', input: { name: 'summer' } },
    { operation: 'batch.remove', input: { name: 'spring', tasks } },
    { operation: 'batch.add', input: { name: 'summer', tasks } },
  ]);
  dashboard.press('i');
  await dashboard.sees('[x] spring');
  dashboard.press(keys.enter);
  await dashboard.sees('fg-asks is in no batch any more.');
  expect(changes().at(-1)).toEqual({ operation: 'batch.remove', input: { name: 'spring', tasks } });
});

test('the graph shows what waits below what it waits for', async () => {
  open(day());
  dashboard.press('T');
  await dashboard.sees(/○ ◆ Bake bread +1 +0 +fg-redy/);
  await dashboard.sees('└─ ◌ ◆ Sell bread');
  await dashboard.seesNo('Open the shop');
});

test('costs by day, agent and task, with how long the budgets last', async () => {
  const rows = (name: string, title = '') => ({ rows: [{ name, title, cost: usd(4) }] });
  const budgets = [{ scope: 'project', name: 'shop', spent: usd(60), limitUsd: 100, level: 'ok' }];
  open(day(), { answers: { 'cost.list': rows('2026-11-21', 'Bake'), 'budget.list': budgets } });
  dashboard.press('C');
  await dashboard.sees(/project +━+─+ +\$60\.00/);
  await dashboard.sees('BY DAY');
  await dashboard.sees(/2026-11-21 +━{20} +\$4\.00/);
});

test.each([80, 120])(
  'prompts are listed with what became of them, on %i columns; enter writes another',
  async (cols) => {
    const message = (id: number, state: MessageState, text: string, note = '') => ({
      ...{ id, state, text, note, session: 'fg-work-1.abcd', actor: 'person:ada', createdAt: Date.now() },
      ...{ typedAt: null, acceptedAt: null, answeredAt: null },
    });
    const messages = [
      message(1, 'queued', 'Then tidy up', 'it is busy'),
      message(2, 'failed', 'Add\n\x1b[31m tests', 'it ended'),
    ];
    open({ ...day(), messages }, { cols });
    dashboard.press('M');
    await dashboard.sees(/◔ queued +bob +Then tidy up +it is busy.*\n.*✗ failed +bob +Add �\[31m tests +it ended/);
    expect(/\d+s ago/.test(dashboard.screen)).toBe(cols > 80);
    dashboard.press(keys.enter);
    await dashboard.sees('Prompt to bob');
  },
);

test('on a small screen, too, the history of a run is read to the end of each line', async () => {
  const worktree = `/home/ada/.forge/worktrees/shop/light-the-oven-${'very-'.repeat(9)}long`;
  const [shown] = (day().runs ?? []).filter(({ task: of }) => of === 'fg-work');
  const events: Partial<RunEvent>[] = [{ at: 1, status: 'working', type: 'setup', actor: 'host', cause: null }];
  const payload = { reason: 'The setup was slow, since the mill had to be built from nothing on that day.' };
  const answer = { ...shown, worktree, files: [], aim: null, events: events.map((event) => ({ ...event, payload })) };
  open(day(), { cols: 80, rows: 24, answers: { 'run.show': answer } });
  dashboard.press('H', keys.enter);
  await dashboard.sees('History');
  const read = dashboard.lines.map((line) => /│ (.*)│/.exec(line)?.[1]?.trim() ?? '');
  expect(read.join('')).toContain(worktree);
  expect(read.join(' ')).toContain(payload.reason);
});

test('on a large screen a run takes no more room than it has to say, and the palette shows more', async () => {
  const [shown] = day().runs ?? [];
  open(day(), { cols: 200, rows: 60, answers: { 'run.show': { ...shown, files: [], aim: null, events: [] } } });
  const height = () => dashboard.lines.filter((line) => /[│╭╰].*[│╮╯]/.test(line)).length;
  dashboard.press('H', keys.enter);
  await dashboard.sees('Files: 0 changed');
  expect(height()).toBe(16);
  dashboard.press(keys.escape, ':');
  await dashboard.sees('Find an action');
  expect(height()).toBe(36);
});

test('logs are followed, the newest first, and made harmless', async () => {
  open(day());
  dashboard.press('L');
  await dashboard.sees('Nothing was written yet');
  dashboard.tellLogs([
    { number: 0, from: 'supervisor', at: 0, text: 'stopping \x1b[31m' },
    { number: 1, from: 'session-host', at: 1, text: 'uncaught: no' },
  ]);
  await dashboard.sees(/session-host +uncaught: no *\n.* supervisor +stopping �\[31m/);
});

test('an empty project says in each view what to do', async () => {
  open({}, { answers: { 'batch.list': [], 'cost.list': { rows: [] }, 'budget.list': [] } });
  const words = {
    A: 'Nobody waits for you: B shows every task',
    B: 'n makes one',
    H: 'press d',
    S: 'press i.',
    T: 'n makes one',
    C: 'Nothing has been spent: select a task and press d',
    M: 'No prompt was sent yet',
    L: 'Nothing was written yet',
  };
  for (const [key, expected] of Object.entries(words)) {
    dashboard.press(key);
    await dashboard.sees(expected);
    expect(dashboard.screen).not.toMatch(/\/ filter|s sort/);
  }
});

test('who has no agent yet is told so, and where one is named, before anything is dispatched', async () => {
  const lost = (name: string) => ({ ...worker(name, null), problem: 'claude was not found on PATH.' });
  open({ workers: [lost('ada'), lost('bob')] }, { cols: 80, rows: 24 });
  await dashboard.sees('name another in .forge/config.yaml');
  dashboard.model.receive({ workers: [lost('ada'), worker('bob', null)] });
  await dashboard.seesNo('name another');
});

test('the mouse selects, opens and scrolls', async () => {
  open(day());
  dashboard.press('H');
  await dashboard.sees('took');
  const row = dashboard.lines.findIndex((line) => line.includes('Count the bags'));
  dashboard.click(20, row);
  await dashboard.selects('Count the bags');
  dashboard.wheel(20, row, -1);
  await dashboard.selects('Order flour');
  dashboard.click(20, row);
  await dashboard.selects('Count the bags');
  dashboard.click(20, row);
  await dashboard.sees('Run fg-done-1');
});

test('live news comes into the list, and the selection stays at its line', async () => {
  open(day());
  dashboard.press('T', keys.end);
  await dashboard.selects('Light the oven');
  const tasks = [...(day().tasks ?? []), task('fg-aaaa', 'Now first', { priority: 0, createdAt: 0 })];
  dashboard.model.receive({ tasks });
  await dashboard.sees('Now first');
  await dashboard.selects('Light the oven');
});

test('long and wide titles keep the columns straight', async () => {
  const names = [
    '漢字の長い題名'.repeat(9),
    '🚀👩‍👩‍👧‍👦 families '.repeat(7),
    'שלום עולם '.repeat(9),
    'é'.repeat(90),
    'bad \x1b[31m\u202e',
  ];
  open({
    tasks: names.map((title, index) => task(`fg-000${index}`, title)),
    runs: names.map((_title, index) => run(`fg-000${index}`, '漢字漢字漢字漢字')),
  });
  for (const [cols, rows] of [
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    dashboard.terminal.resize(cols, rows);
    for (const key of ['B', 'H', 'T']) {
      dashboard.press(key);
      await dashboard.sees(/漢字の/);
      expect(dashboard.screen).not.toContain('\u202e');
      const ends = dashboard.lines.filter((line) => line.includes('fg-000')).map((line) => stringWidth(line));
      expect(Math.max(0, ...ends)).toBeLessThanOrEqual(cols);
    }
  }
  dashboard.press('T');
});

test.each([500, 5_000])('with %i tasks no key makes the lines anew, and only what is seen is drawn', async (count) => {
  const tasks = Array.from({ length: count }, (_, index) =>
    task(`fg-${String(index).padStart(4, '0')}`, `Task number ${index}`),
  );
  const made = vi.spyOn(graph, 'lines');
  open({ tasks });
  dashboard.press('T');
  await dashboard.sees('frees');
  for (let pressed = 1; pressed <= 40; pressed++) {
    dashboard.press('j');
    await dashboard.selects(`Task number ${pressed} `);
  }
  // Ages are renewed now and then.
  expect(made.mock.calls.length).toBeLessThan(10);
  expect(dashboard.lines.filter((line) => line.includes('Task number'))).toHaveLength(26);
  dashboard.press('G');
  await dashboard.selects(`Task number ${count - 1}`);
  made.mockRestore();
});

test('a theme changes the colours of the dashboard, not those of panes', async () => {
  open(day(), { theme: 'light' });
  await dashboard.sees('WORKERS');
  const written = dashboard.terminal.writes.join('');
  // Attention, as it is readable on white; not the yellow of the terminal.
  expect(written).toContain('38;2;154;103;0');
  expect(written).not.toMatch(/\x1b\[(\d+;)*33(;\d+)*m/);
});

test('without colours marks and the selection are still told apart', async () => {
  open(day(), { theme: 'none' });
  dashboard.press('B', keys.home);
  await dashboard.selects('Bake bread');
  expect(dashboard.terminal.writes.join('')).not.toMatch(/\x1b\[(\d+;)*(3[0-8]|9[0-7])(;\d+)*m/);
});

test('the views show all projects that are shown, and actions mean that of the selected line', async () => {
  const park = {
    project: { name: 'park', root: '/q', mode: 'stealth' as const },
    tasks: [task('pa-tree', 'Plant a tree'), task('pa-lake', 'Dig a lake', { isReady: false, blockedBy: ['fg-redy'] })],
    runs: [run('pa-tree', 'zoe', { createdAt: 9, startedAt: Date.now() })],
    sessions: [session('pa-tree', 'zoe', 'waiting', 'permission: Dig')],
    costs: { today: noCost, total: noCost, runs: { 'pa-tree-1': usd(7) } },
  };
  open(day(), { cols: 230 });
  dashboard.model.show([
    { root: '/p', name: 'shop', prefix: 'fg', problem: null },
    { root: '/q', name: 'park', prefix: 'pa', problem: null },
  ]);
  dashboard.model.receive(projectView(park), '/q');
  dashboard.press('B');
  await dashboard.sees(/permission: Dig · zoe \d+s \$7\.00/);
  await dashboard.sees(/bob .*\$3\.00 fg-work/);
  dashboard.press('A');
  await dashboard.sees(/Plant a tree +permission: Dig/);
  dashboard.press(keys.end);
  await dashboard.selects('Plant a tree|Count the bags');
  dashboard.press('H', keys.home);
  await dashboard.selects('Plant a tree');
  await dashboard.comesTo('the other project', ({ state }) => state.view?.project.name === 'park');
  dashboard.press(keys.down);
  await dashboard.comesTo('the first project', ({ state }) => state.view?.project.name === 'shop');
  // What waits for a task of the other project stands below it.
  dashboard.press('T');
  await dashboard.sees(/Bake bread[^\n]*\n ├─ ◌ ◆ Dig a lake/);
});

test('the project that a view shows may not be there yet', async () => {
  open({});
  dashboard.model.set({ view: null });
  dashboard.press('B');
  await dashboard.sees('reading…');
  dashboard.model.receive(projectView(day()));
  await dashboard.sees('NEEDS YOU 1');
});

test('the help cuts nothing, on a small screen either', async () => {
  open(day(), { cols: 80, rows: 24 });
  dashboard.press('?');
  await dashboard.sees('Moving');
  for (let pages = 0; pages < 12; pages++) {
    const before = dashboard.screen;
    expect(before).not.toMatch(/… *│$/m);
    dashboard.press(' ');
    if (before.includes('Copy mode')) break;
    await dashboard.comesTo('the next page', () => dashboard.screen !== before);
  }
  await dashboard.sees('Copy mode');
});

test('all that is asked before a run ends is there to be read, apart from the keys', async () => {
  const runs = [run('fg-asks', 'ada', { branch: 'order-flour-from-the-mill-a3f8' })];
  open({ ...day(), runs }, { cols: 60, rows: 24 });
  dashboard.press('A', keys.home, 'a');
  await dashboard.sees(/Accept the work of ada on fg-asks\?/);
  await dashboard.sees(/branch +│\n│ order-flour-from-the-mill-a3f8\. +│\n│ +│\n│ y yes · n no/);
});
