import { expect, onTestFinished, test } from 'vitest';
import { run, session, task, worker } from '../support/project-view.ts';
import { keys, ShownDashboard } from '../support/shown-dashboard.ts';

const day = {
  workers: [worker('ada', 'fg-aaaa-1'), worker('bob', null)],
  tasks: [
    task('fg-aaaa', 'Bread'),
    task('fg-bbbb', 'Buns'),
    task('fg-cccc', 'A cake with a name that is longer than a line of the terminal by some letters'),
  ],
  runs: [run('fg-aaaa', 'ada')],
  sessions: [session('fg-aaaa', 'ada', 'waiting', 'permission: Bash')],
};

const diff = `diff --git a/bread.ts b/bread.ts
--- a/bread.ts
+++ b/bread.ts
@@ -4,2 +4,3 @@ function bake() {
-  flour(500);
+  flour(450);
+  // ${'a long way to the oven '.repeat(6)}end
   oven();
`;
const comment = { id: 3, run: 'fg-aaaa-1', path: 'bread.ts', side: 'new', first: 4, last: 4, quote: '  flour(450);' };
const review = {
  run: {},
  diff,
  comments: [{ ...comment, text: 'Too dry.', actor: 'eve', at: 1, sentAt: null, note: '' }],
};

function shown(): ShownDashboard {
  const answers = {
    'review.show': review,
    'run.outlook': { worker: 'bob', why: 'It is the first idle one.' },
  };
  const dashboard = new ShownDashboard(day, { isScreenReader: true, cols: 80, rows: 24, answers });
  onTestFinished(() => dashboard.dispose());
  return dashboard;
}

/** The line that the cursor stands on: that is what is read out. */
const atCursor = ({ lines, terminal }: ShownDashboard) =>
  lines[terminal.screen.terminal.buffer.active.cursorY]?.trimEnd() ?? '';

test('the list is words, a line each, and the cursor follows the selection', async () => {
  const dashboard = shown();
  await dashboard.sees('(selected) Bread: needs you, permission: Bash, fg-aaaa');
  expect(dashboard.lines.slice(0, 6).map((line) => line.trimEnd())).toEqual([
    'forge shop, 1 needs you, 2 ready',
    'worker ada: waiting, Bread',
    'worker bob: idle',
    '(selected) Bread: needs you, permission: Bash, fg-aaaa',
    'Buns: ready, fg-bbbb',
    expect.stringMatching(/^A cake .*…$/),
  ]);
  expect(dashboard.screen).not.toMatch(/[│─╭▲●]/);
  for (const expected of ['Buns: ready', 'A cake with']) {
    dashboard.press(keys.down);
    await dashboard.sees(`(selected) ${expected}`);
    expect(atCursor(dashboard)).toContain(`(selected) ${expected}`);
  }
});

test('a dialog stands alone, and so does the pane that is typed into', async () => {
  const dashboard = shown();
  dashboard.press(keys.down);
  await dashboard.sees('(selected) Buns');
  dashboard.press('d');
  await dashboard.sees('(selected) the first that can take it: bob');
  expect(dashboard.screen).not.toContain('worker ada');
  dashboard.press(keys.down);
  await dashboard.sees('(selected) ada, claude, coder; has fg-aaaa-1: it waits');
  expect(atCursor(dashboard)).toContain('(selected) ada');
  dashboard.press(keys.escape, keys.up);
  await dashboard.sees('(selected) Bread');
  dashboard.press(keys.enter);
  await dashboard.sees('typing: Bread, ada waiting; Ctrl-Q comes back');
  expect(dashboard.screen).not.toContain('Buns');
});

test('a view is read with the titles of its columns', async () => {
  const dashboard = shown();
  dashboard.press('B');
  await dashboard.sees('Board: every task by where it stands, 3 lines');
  await dashboard.sees(/NEEDS YOU, Bread, about it .*permission: Bash/);
  dashboard.press('/', 'buns');
  await dashboard.seesNo('Bread');
  await dashboard.sees('(selected) READY, Buns');
});

test('a review is read row by row: file, change, lines with their numbers, comments below theirs', async () => {
  const dashboard = shown();
  await dashboard.sees('(selected) Bread');
  dashboard.press('v');
  await dashboard.sees('(selected) file 1 of 1, bread.ts, changed, 2 lines added, 1 removed, 1 comment');
  expect(dashboard.lines.slice(0, 7).map((line) => line.trimEnd())).toEqual([
    'Review of fg-aaaa-1, ada, Bread, waiting, 1 not sent',
    '(selected) file 1 of 1, bread.ts, changed, 2 lines added, 1 removed, 1 comment',
    'change 1 of 1 in bread.ts, from line 4, in function bake() {',
    'removed, line 4 before:   flour(500);',
    'added, line 4:   flour(450);',
    'comment by eve, not sent (3)',
    'comment: Too dry.',
  ]);
  expect(dashboard.screen).not.toMatch(/[│─▌▾✎]|@@/);
  for (const expected of ['change 1 of 1', 'removed, line 4', 'added, line 4', 'comment by eve', 'comment: Too']) {
    dashboard.press(keys.down);
    await dashboard.sees(`(selected) ${expected}`);
    expect(atCursor(dashboard)).toContain(`(selected) ${expected}`);
  }
  dashboard.press(keys.down);
  // All of the line that one is on, and as little of the others as there is room for.
  await dashboard.sees('(selected) added, line 5:');
  await dashboard.sees('to the oven end');
  dashboard.press(keys.up, keys.up, keys.up, 'c');
  await dashboard.sees('Comment on bread.ts:4');
  await dashboard.sees('added, line 4:   flour(450);');
});
