import { setImmediate as nextTurn } from 'node:timers/promises';
import { useWindowSize } from 'ink';
import { expect, onTestFinished, test } from 'vitest';
import { RemoteClient } from '../../src/app/client.ts';
import type { ReviewComment } from '../../src/domain/review/review-comment.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { ModelContext, useModel } from '../../src/ui/app/use-model.ts';
import { bindKeys } from '../../src/ui/keymap/bind-keys.ts';
import type { Hands } from '../../src/ui/keymap/hands.ts';
import { KeymapContext } from '../../src/ui/keymap/use-keymap.ts';
import { ReviewBody } from '../../src/ui/review/review-body.tsx';
import { joinDashboard } from '../../src/ui/terminal/run-dashboard.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';
import { until } from '../support/until.ts';

const diff = `diff --git a/bread.ts b/bread.ts
--- a/bread.ts
+++ b/bread.ts
@@ -1,2 +1,2 @@
-const flour = 500;
+const flour = 450;
 bake();
diff --git a/cake.ts b/cake.ts
new file mode 100644
--- /dev/null
+++ b/cake.ts
@@ -0,0 +1,60 @@
${Array.from({ length: 60 }, (_, line) => `+cake(${line});`).join('\n')}
`;

const hands: Hands = {
  ...{ quit() {}, send() {}, end() {}, forget() {}, scrollBack() {}, paste() {}, switchProjects() {} },
  ...{
    leaderBytes: '\x11',
    edit: async (text) => ({ text, file: '', discard() {} }),
    followLogs: () => ({ dispose() {} }),
  },
};

function Shown() {
  const { state } = useModel();
  const { columns, rows } = useWindowSize();
  return (
    <KeymapContext.Provider value={bindKeys({}, 'ctrl+q')}>
      {state.review && <ReviewBody run={state.review} cols={columns} rows={rows} hands={hands} />}
    </KeymapContext.Provider>
  );
}

/** A review on a terminal; the application keeps comments, and answers at once. */
function open(cols = 80, rows = 24, isRead: Promise<void> = Promise.resolve()) {
  const calls: string[] = [];
  let comments: ReviewComment[] = [];
  const answers: Record<string, (input: Record<string, unknown>) => unknown> = {
    'review.show': () => isRead.then(() => ({ run: {}, diff, comments })),
    'review.comment': ({ run, ...given }) => {
      const comment = { id: comments.length + 1, run, actor: 'ada', at: 1, sentAt: null, note: '', ...given };
      comments = [...comments, comment as ReviewComment];
      return comment;
    },
    'review.edit': ({ id, text }) => ({ ...comments.find((comment) => comment.id === id), text }),
    'review.remove': ({ id }) => comments.find((comment) => comment.id === id),
    'review.send': () => {
      comments = comments.map((comment) => ({ ...comment, sentAt: 2 }));
      return { run: { id: 'fg-a-1', worker: 'ada' }, comments: comments.length, words: '' };
    },
  };
  let receive: (message: unknown) => void = () => {};
  const link = {
    send({ id, operation, input }: { id: number; operation: string; input: Record<string, unknown> }) {
      calls.push(operation);
      const value = answers[operation]?.(input);
      queueMicrotask(() => receive({ type: 'result', id, value }));
    },
    onMessage(listener: typeof receive) {
      receive = listener;
      return { dispose() {} };
    },
    onClose: () => ({ dispose() {} }),
    dispose() {},
  };
  const client = new RemoteClient(link as never, '/p', {});
  const model = new DashboardModel({ review: 'fg-a-1' });
  model.connect(client);
  const terminal = new FakeTerminal(cols, rows);
  const element = (
    <ModelContext.Provider value={model}>
      <Shown />
    </ModelContext.Provider>
  );
  const dashboard = joinDashboard(
    { element, leader: 'ctrl+q', colours: 'truecolor', typing: () => null, onLeader() {} },
    terminal.open,
  );
  onTestFinished(() => {
    dashboard.dispose();
    client.dispose();
    model.dispose();
  });
  const screen = () => terminal.screen.text.map((row) => row.trimEnd()).join('\n');
  const sees = (expected: string | RegExp) =>
    until(
      `the screen shows ${expected}`,
      () => (typeof expected === 'string' ? screen().includes(expected) : expected.test(screen())),
      {
        shown: screen,
      },
    );
  const mouse = (report: string) => terminal.type(`\x1b[<${report}`);
  return { model, calls, sees, screen, mouse, type: (text: string) => terminal.type(text) };
}

test('keys that are typed before the diff is there are not lost; a comment is written, changed, removed and brought back', async () => {
  const read = Promise.withResolvers<void>();
  const { type, sees, calls } = open(80, 24, read.promise);
  await sees('reading…');
  for (const key of 'jjcWhy ') type(key);
  // Each key takes two turns.
  for (let turn = 0; turn < 100; turn++) await nextTurn();
  read.resolve();
  await sees('Comment on bread.ts:1');
  type('less?');
  await sees('Why less?');
  type('\x13');
  await sees(/ada, not sent \(1\)\n +│ Why less\?/);
  type(')');
  type('e');
  await sees('Change the comment on bread.ts:1');
  type(' Say it.');
  type('\x13');
  await sees('│ Why less? Say it.');
  type('x');
  await sees('u brings it back');
  type('u');
  await sees('ada, not sent (2)');
  expect(calls).toEqual(['review.show', 'review.comment', 'review.edit', 'review.remove', 'review.comment']);
});

test('all that was said goes back at once, and cannot be changed then', async () => {
  const { type, sees, calls } = open(100, 30);
  for (const key of 'jjc') type(key);
  await sees('Comment on');
  type('Why?');
  type('\x13');
  await sees('✎1 not sent');
  type('S');
  await sees('1 comment goes back to ada.');
  await sees('ada, sent (1)');
  type(')');
  type('x');
  await sees('Remove the comment: it was sent already.');
  type('S');
  await sees('there is no comment that was not sent');
  expect(calls.filter((name) => name === 'review.send')).toHaveLength(1);
});

test('a comment that is left with esc is none, and esc leads out step by step', async () => {
  const { type, sees, model, calls } = open();
  await sees('const flour = 450;');
  for (const key of 'jjvc') type(key);
  await sees('Comment on');
  type('x\x1b[27u');
  await sees('selecting');
  type('\x1b[27u');
  await until('nothing is selected', () => model.state.review !== null);
  type('/');
  await sees(' / ');
  type('bake\r');
  await sees('bake();');
  type('\x1b[27u');
  type('\x1b[27u');
  await until('the review is left', () => model.state.review === null);
  expect(calls).toEqual(['review.show']);
});

test('the mouse: the wheel scrolls, a click goes to a line or a file, a second one folds it', async () => {
  const { mouse, sees, screen } = open(120, 24);
  await sees('cake(0);');
  mouse('65;60;10M');
  mouse('65;60;10M');
  await sees('cake(15);');
  // The second file of the list, on the left.
  mouse('0;5;4M');
  await sees(/cake\.ts .*file 2 of 2/);
  await sees('cake(18);');
  mouse('0;40;3M');
  await sees('▸ A cake.ts');
  expect(screen()).not.toContain('cake(0);');
});

test('files that were folded are folded when the review is opened again', async () => {
  const { model, type, sees } = open();
  await sees('bake();');
  type('z');
  await sees('▸ M bread.ts');
  model.set({ review: null });
  await until('the review is left', () => model.state.review === null);
  model.set({ review: 'fg-a-1' });
  await sees('▸ M bread.ts');
  expect([...model.foldedIn('fg-a-1')]).toEqual(['bread.ts']);
});

test('a narrow terminal has one side, a wide one two if one wants', async () => {
  const { type, sees } = open(120, 24);
  type('s');
  await sees(/1 - const flour = 500; +│ +1 \+ const flour = 450;/);
  // A comment stands below the new line, which it is on.
  type(']jc');
  await sees('Comment on');
  type('Say why.');
  await sees('Say why.');
  type('\x13');
  await sees(/^ +│ +✎ ada, not sent.*\n +│ +│ Say why\./m);
  const narrow = open(80, 24);
  await narrow.sees('const flour = 450;');
  narrow.type('s');
  await narrow.sees('side by side: it needs 120 columns.');
});
