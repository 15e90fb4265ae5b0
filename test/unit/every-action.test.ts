import { expect, test } from 'vitest';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { actions } from '../../src/ui/keymap/actions.ts';
import { run, session, task, worker } from '../support/project-view.ts';
import { keys, ShownDashboard } from '../support/shown-dashboard.ts';

/** Ada is asked for a permission, Bob has finished, two tasks are ready, one is blocked. */
const day: Partial<ProjectView> = {
  workers: [worker('ada', 'fg-aaaa-1'), worker('bob', 'fg-eeee-1')],
  tasks: [
    task('fg-aaaa', 'Asks'),
    task('fg-bbbb', 'Ready'),
    task('fg-cccc', 'Blocked', { isReady: false, blockedBy: ['fg-bbbb'] }),
    task('fg-dddd', 'Closed', { status: 'closed', isReady: false, closedAt: 2 }),
    task('fg-eeee', 'Finished'),
  ],
  runs: [run('fg-aaaa', 'ada'), run('fg-eeee', 'bob'), run('fg-dddd', 'bob', { status: 'done', endedAt: 2 })],
  sessions: [session('fg-aaaa', 'ada', 'waiting', 'permission: Bash'), session('fg-eeee', 'bob', 'done')],
};

const ada = 'fg-aaaa-1.abcd';

/** How each action is reached by its key, and what it does then. */
const stories: Record<string, (dashboard: ShownDashboard, act: () => void) => Promise<unknown>> = {
  async type({ comesTo }, act) {
    act();
    await comesTo('typing', ({ state }) => state.isTyping && state.pane === ada);
  },
  async down({ selects }, act) {
    await selects('Asks');
    act();
    await selects('Finished');
  },
  async up({ selects, press }, act) {
    press(keys.down);
    await selects('Finished');
    act();
    await selects('Asks');
  },
  async right({ comesTo }, act) {
    act();
    await comesTo('the panes', (model) => model.isInPanes);
  },
  async left({ comesTo, press }, act) {
    press('l');
    await comesTo('the panes', (model) => model.isInPanes);
    act();
    await comesTo('the list', (model) => !model.isInPanes);
  },
  async zone({ comesTo }, act) {
    act();
    await comesTo('the panes', (model) => model.isInPanes);
  },
  async attention({ comesTo }, act) {
    act();
    await comesTo('its pane', ({ isInPanes, state }) => isInPanes && state.pane === ada);
  },
  async 'attention.snooze'({ sees, seesNo, press }, act) {
    press('A');
    await sees('Finished');
    act();
    await sees('is put off until something changes there.');
    await seesNo('permission: Bash');
  },
  async 'list.first'({ selects, press }, act) {
    press('G');
    await selects('Closed');
    act();
    await selects('ada');
  },
  async 'list.last'({ selects }, act) {
    act();
    await selects('Closed');
  },
  async 'list.page.down'({ selects, press }, act) {
    press('T');
    await selects('Ready');
    act();
    await selects('Finished');
  },
  async pane({ comesTo }, act) {
    act();
    await comesTo('the first pane', ({ isInPanes, state }) => isInPanes && state.pane === ada);
  },
  'view.attention': ({ sees }, act) => opens('who waits for you', act, sees),
  'view.board': ({ sees }, act) => opens('NEEDS YOU 1', act, sees),
  'view.runs': ({ sees }, act) => opens('the history of all runs', act, sees),
  'view.batches': ({ sees }, act) => opens('sets of tasks', act, sees),
  'view.graph': ({ sees }, act) => opens('what waits for what', act, sees),
  'view.costs': ({ sees }, act) => opens('how long budgets last', act, sees),
  'view.messages': ({ sees }, act) => opens('prompts to agents', act, sees),
  'view.logs': ({ sees }, act) => opens('daemons wrote', act, sees),
  async 'list.filter'({ sees, seesNo, press }, act) {
    press('T');
    await sees('Ready');
    act();
    await sees('words that the line has');
    press('asks');
    await seesNo('Ready');
  },
  async 'list.sort'({ sees, press }, act) {
    press('H');
    await sees('took');
    act();
    await sees('by state');
  },
  'task.new': ({ sees }, act) => opens('New task', act, sees),
  'task.edit': ({ sees }, act) => opens('Edit fg-aaaa', act, sees),
  async 'task.edit.file'({ wasAsked, sees }, act) {
    await asks('edit fg-aaaa.md', act, wasAsked);
    await sees('fg-aaaa stays as it is.');
  },
  'task.depend': ({ sees }, act) => opens('fg-aaaa waits for', act, sees),
  'task.batch': ({ sees }, act) => opens('fg-aaaa in a batch', act, sees),
  async 'task.close'({ press, selects, calledWith }, act) {
    press('G');
    await selects('Closed');
    act();
    await calledWith('task.reopen');
  },
  async 'task.priority.up'({ calls, calledWith }, act) {
    act();
    await calledWith('task.priority');
    expect(calls).toEqual([{ operation: 'task.priority', input: { id: 'fg-aaaa', by: -1 } }]);
  },
  async 'task.priority.down'({ calls, calledWith }, act) {
    act();
    await calledWith('task.priority');
    expect(calls).toEqual([{ operation: 'task.priority', input: { id: 'fg-aaaa', by: 1 } }]);
  },
  async undo({ press, sees, comesTo, model, calledWith }, act) {
    model.receive({ undo: 'closing fg-dddd, “Closed”' });
    press(':', 'take back');
    await sees('did to tasks last: closing fg-dddd, “Closed”');
    press(keys.escape);
    await comesTo('no dialog', ({ state }) => state.dialog === null);
    act();
    await calledWith('undo');
    await sees('Taken back: closing fg-dddd.');
  },
  async redo({ press, sees, comesTo, model, calledWith }, act) {
    model.receive({ redo: 'closing fg-dddd, “Closed”' });
    press(':', 'again what');
    await sees('you took back last: closing fg-dddd, “Closed”');
    press(keys.escape);
    await comesTo('no dialog', ({ state }) => state.dialog === null);
    act();
    await calledWith('redo');
    await sees('Done again: closing fg-dddd.');
  },
  async 'run.dispatch'({ press, selects, sees }, act) {
    press(keys.down, keys.down);
    await selects('Ready');
    act();
    await sees('the first that can take it: bob');
    await sees('It is the first idle one. ada has fg-aaaa-1.');
  },
  async 'run.dispatch.ready'({ calledWith }, act) {
    act();
    await calledWith('run.dispatch.ready');
  },
  async 'run.dispatch.some'({ press, sees, calls, calledWith }, act) {
    act();
    await sees('Dispatch 1 that is ready');
    press('0', keys.enter);
    await sees('A number from 1 to 100.');
    press('\x7f', '3', keys.enter);
    await calledWith('run.dispatch.ready');
    expect(calls).toEqual([{ operation: 'run.dispatch.ready', input: { max: 3 } }]);
  },
  'run.view': ({ sees }, act) => opens('Review fg-aaaa-1', act, sees),
  'run.history': ({ sees }, act) => opens('Run fg-aaaa-1', act, sees),
  'run.approve': ({ sees }, act) => opens('Accept the work of ada on fg-aaaa?', act, sees),
  async 'run.pause'({ calledWith }, act) {
    act();
    await calledWith('run.pause');
  },
  'run.fork': ({ sees }, act) => opens('Fork the run of ada on fg-aaaa?', act, sees),
  'run.rewind': ({ sees }, act) => opens('Take fg-aaaa-1 back', act, sees),
  'run.cancel': ({ sees }, act) => opens('Cancel the run of ada on fg-aaaa?', act, sees),
  async 'run.deliver'({ press, selects, sees }, act) {
    press('G');
    await selects('Closed');
    act();
    await sees('Deliver fg-dddd-1');
  },
  'run.radar': ({ sees }, act) => opens('Who touches what', act, sees),
  'pane.prompt': ({ sees }, act) => opens('Prompt to ada', act, sees),
  async 'pane.zoom'({ seesNo, comesTo }, act) {
    act();
    await seesNo('WORKERS');
    await comesTo('the zoom', ({ state }) => state.isZoomed);
  },
  'pane.layout': ({ sees }, act) => opens('the first large', act, sees),
  async 'pane.move.back'({ press, comesTo }, act) {
    press('2');
    act();
    await comesTo('another order', ({ panes }) => panes[1]?.id === ada);
  },
  async 'pane.move.on'({ press, comesTo }, act) {
    press('1');
    act();
    await comesTo('another order', ({ panes }) => panes[1]?.id === ada);
  },
  'pane.pin': ({ sees }, act) => opens('1* ', act, sees),
  async 'pane.name'({ sees, press }, act) {
    act();
    await sees('Name the pane');
    press('oven', keys.enter);
    await sees('oven · Asks');
  },
  async 'pane.shell'({ calledWith, comesTo, calls }, act) {
    act();
    await calledWith('session.shell');
    expect(calls).toEqual([{ operation: 'session.shell', input: { run: 'fg-aaaa-1' } }]);
    await comesTo('typing into it', ({ state }) => state.isTyping && state.pane === 'fg-aaaa-1.shell');
  },
  async 'pane.tidy'({ model, wasAsked, comesTo }, act) {
    const [first, ...others] = model.state.view?.sessions ?? [];
    if (first) model.receive({ sessions: [{ ...first, endedAt: 1 }, ...others] });
    act();
    await wasAsked(`forget ${ada}`);
    await comesTo('the others alone', ({ panes }) => panes.length === others.length);
  },
  'pane.explain': ({ sees }, act) => opens('known by: ', act, sees),
  'pane.scroll': ({ wasAsked }, act) => asks(`scroll ${ada}`, act, wasAsked),
  'pane.scroll.page': ({ wasAsked }, act) => asks(`scroll ${ada} pageUp`, act, wasAsked),
  async 'pane.paste'({ model, wasAsked }, act) {
    model.set({ copied: 'text' });
    await asks(`paste ${ada}`, act, wasAsked);
  },
  'pane.leader': ({ wasAsked }, act) => asks(`send ${ada} ${JSON.stringify(keys.leader)}`, act, wasAsked),
  projects: ({ wasAsked }, act) => asks('projects', act, wasAsked),
  palette: ({ sees }, act) => opens('Find an action', act, sees),
  help: ({ sees }, act) => opens('Keys', act, sees),
  tour: ({ sees }, act) => opens('1/5 Tasks', act, sees),
  async back({ press, sees, seesNo }, act) {
    press('B');
    await sees('NEEDS YOU 1');
    act();
    await seesNo('NEEDS YOU 1');
  },
  quit: ({ wasAsked }, act) => asks('quit', act, wasAsked),
};

test('no action is without a story, and no story without an action', () => {
  expect(Object.keys(stories).toSorted()).toEqual(actions.map(({ id }) => id).toSorted());
});

test.each(actions.map(({ id }) => id))('its key reaches %s', async (id) => {
  const dashboard = new ShownDashboard(day, {
    answers: {
      'session.shell': { id: 'fg-aaaa-1.shell' },
      'run.outlook': { worker: 'bob', why: 'It is the first idle one. ada has fg-aaaa-1.' },
      undo: { words: 'closing fg-dddd' },
      redo: { words: 'closing fg-dddd' },
      'batch.list': [],
      'task.show': day.tasks?.[0],
    },
  });
  try {
    const [key = ''] = actions.find((action) => action.id === id)?.keys ?? [];
    await dashboard.sees('TASKS');
    await stories[id]?.(bound(dashboard), () => dashboard.press(pressed(key)));
  } finally {
    dashboard.dispose();
  }
});

async function opens(text: string, act: () => void, sees: ShownDashboard['sees']): Promise<void> {
  act();
  await sees(text);
}

async function asks(what: string, act: () => void, wasAsked: ShownDashboard['wasAsked']): Promise<void> {
  act();
  await wasAsked(what);
}

/** What a terminal sends for a key of the table. */
function pressed(name: string): string {
  if (name === '1-9') return '1';
  if (name.startsWith('ctrl+')) return String.fromCharCode(name.charCodeAt(5) & 0x1f);
  return Object.hasOwn(keys, name) ? keys[name as keyof typeof keys] : name;
}

/** Methods that can be taken apart. */
function bound(dashboard: ShownDashboard): ShownDashboard {
  return new Proxy(dashboard, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
