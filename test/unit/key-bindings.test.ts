import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { flattenConfig } from '../../src/main/flatten-config.ts';
import { copyKeys } from '../../src/ui/copy/copy-keys.ts';
import { tourSteps } from '../../src/ui/dialogs/tour-steps.ts';
import { actionFor, actions } from '../../src/ui/keymap/actions.ts';
import { bindKeys } from '../../src/ui/keymap/bind-keys.ts';
import { keyOf } from '../../src/ui/keymap/key-of.ts';
import { reviewKeys } from '../../src/ui/review/review-keys.ts';
import { projectView, task } from '../support/project-view.ts';
import { keys, ShownDashboard } from '../support/shown-dashboard.ts';

const bind = (bindings: Parameters<typeof bindKeys>[0]) => bindKeys(bindings, 'ctrl+q');
const words = (bindings: Parameters<typeof bindKeys>[0]) => bind(bindings).problems.map(({ text }) => text);

test('no key of the table means two things', () => {
  const all = actions.flatMap((action) => action.keys);
  expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
});

test('without settings the keys are those of the table', () => {
  expect(bind({})).toEqual({ actions, review: reviewKeys, copy: copyKeys, problems: [] });
});

test('an action has the keys that it is given, and no other', () => {
  const keymap = bind({ 'task.new': ['N', 'Ctrl+N'], 'run.fork': [] });
  expect(actionFor('N', keymap.actions)?.id).toBe('task.new');
  expect(actionFor('ctrl+n', keymap.actions)?.id).toBe('task.new');
  expect(actionFor('n', keymap.actions)).toBeNull();
  expect(actionFor('f', keymap.actions)).toBeNull();
  expect(keymap.problems).toEqual([]);
});

test('keys of the review and of copy mode are bound in a place of their own', () => {
  const keymap = bind({ 'review.comment': 'C', 'copy.search': ['f', '/'], 'task.new': 'f', 'run.fork': [] });
  expect(keymap.problems).toEqual([]);
  expect(keymap.review.find(({ id }) => id === 'comment')?.keys).toEqual(['C']);
  expect(['review.comment', 'copy.search', 'task.new', 'run.fork', 'none'].map((id) => keyOf(keymap, id))).toEqual([
    ...['C', 'f', 'f', null, undefined],
  ]);
});

test('two actions change places', () => {
  const keymap = bind({ 'run.approve': 'x', 'run.cancel': 'a' });
  expect(actionFor('x', keymap.actions)?.id).toBe('run.approve');
  expect(actionFor('a', keymap.actions)?.id).toBe('run.cancel');
  expect(keymap.problems).toEqual([]);
});

test.each([
  [{ 'task.nwe': 'N' }, 'keys.actions.task.nwe: no action has this name. Did you mean task.new?'],
  [
    { 'task.new': 'x' },
    'keys.actions.task.new: this was the key of run.cancel, which has none now. Give that another.',
  ],
  [{ 'task.new': 'N', 'task.edit': 'N' }, 'keys.actions.task.edit: N is task.new already.'],
  [{ 'task.new': 'ctrl+q' }, 'keys.actions.task.new: ctrl+q is the leader.'],
  [
    { 'review.comment': 'e' },
    'keys.actions.review.comment: this was the key of review.edit, which has none now. Give that another.',
  ],
  [{ 'copy.search': 'f', 'copy.swap': 'f' }, 'keys.actions.copy.swap: f is copy.search already.'],
  [{ 'copy.saerch': 'f' }, 'keys.actions.copy.saerch: no action has this name. Did you mean copy.search?'],
  [{ 'pane.leader': 'f1' }, 'keys.actions.pane.leader: its key cannot be changed here.'],
])('what cannot be done is said in words: %j', (bindings, problem) => {
  expect(words(bindings)).toEqual([problem]);
});

test('forge config has the problem beside the setting', () => {
  const loaded = loadConfig({ forgeHome: '/nowhere', projectRoot: null, environment: {} });
  loaded.config.keys.actions = { 'task.nwe': 'N' };
  const rows = flattenConfig(loaded, bind(loaded.config.keys.actions).problems);
  expect(rows.flatMap(({ key, problems }) => problems.map((problem) => [key, problem]))).toEqual([
    ['keys.actions.task.nwe', 'keys.actions.task.nwe: no action has this name. Did you mean task.new?'],
  ]);
});

test.each(['5', 'alt+x', 'f5', 'ctrl+m', 'nonsense', ''])('%j is not a key that can be bound', (key) => {
  expect(words({ 'task.new': key })[0]).toMatch(
    /is not a key that can be bound: one character, ctrl\+a to ctrl\+z, or up/,
  );
});

test.each([
  ['bord', 'Board: every task'],
  ['dsptch', 'Dispatch the task to a worker'],
  ['view.costs', 'Costs: what was spent'],
])(
  'the palette finds %s by letters in their order, and says the key and why it cannot be done',
  async (query, title) => {
    const dashboard = new ShownDashboard(projectView({}), { bindings: { 'run.dispatch': '!' } });
    try {
      await dashboard.sees('TASKS');
      dashboard.press(':');
      await dashboard.sees('Find an action');
      dashboard.press(query);
      await dashboard.sees(title);
      if (query === 'dsptch') await dashboard.sees(/Dispatch the task to a worker +no task is selected {2}! /);
    } finally {
      dashboard.dispose();
    }
  },
);

test('the tour goes on and back through five steps with the keys in force, and can be left at any of them', async () => {
  const dashboard = new ShownDashboard(projectView({}), { bindings: { 'run.approve': 'Y' } });
  try {
    await dashboard.sees('u is a tour in five steps.');
    dashboard.press('u');
    await dashboard.sees('1/5 Tasks');
    for (const title of ['2/5 Dispatch', '3/5 Panes', '4/5 Who needs you', '5/5 Look, and accept']) {
      dashboard.press(keys.right);
      await dashboard.sees(title);
    }
    await dashboard.sees(/ Y +Accept the work/);
    dashboard.press(keys.left);
    await dashboard.sees('4/5');
    dashboard.press(keys.escape);
    await dashboard.seesNo('4/5');
  } finally {
    dashboard.dispose();
  }
});

test('every action that the tour names is one', () => {
  const ids = actions.map(({ id }) => id);
  expect(tourSteps.flatMap((step) => step.actions).filter((id) => !ids.includes(id))).toEqual([]);
});

test('help, hints and the line for problems follow', async () => {
  const bindings = { 'task.new': 'N', 'run.dispatch': '!', 'task.nothing': 'y' };
  const dashboard = new ShownDashboard(projectView({ tasks: [task('fg-aaaa', 'First')] }), { bindings, rows: 45 });
  try {
    await dashboard.sees('N new');
    await dashboard.sees('! gives it to a worker.');
    await dashboard.sees('! dispatch');
    await dashboard.sees('▲ keys.actions.task.nothing: no action has this name.');
    dashboard.press('N');
    await dashboard.sees('New task');
    dashboard.press('\x1b');
    await dashboard.seesNo('New task');
    dashboard.press('?');
    await dashboard.sees(/ N +New task/);
  } finally {
    dashboard.dispose();
  }
});
