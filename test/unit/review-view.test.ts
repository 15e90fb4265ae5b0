import { expect, test } from 'vitest';
import { attribute } from '../../src/domain/cells.ts';
import type { ReviewComment } from '../../src/domain/review/review-comment.ts';
import { findInView, findNextInView } from '../../src/ui/review/find-in-view.ts';
import { ReviewView } from '../../src/ui/review/review-view.ts';
import { reviewCells, reviewText } from '../support/review-text.ts';

const diff = `diff --git a/bread.ts b/bread.ts
--- a/bread.ts
+++ b/bread.ts
@@ -1,4 +1,5 @@
 // Bread
-const flour = 500;
+const flour = 450;
+const rye = 50;
 bake();
 eat();
@@ -90,2 +91,2 @@ function cool() {
 wait();
-end();
+slice();
diff --git a/cake.ts b/cake.ts
new file mode 100644
--- /dev/null
+++ b/cake.ts
@@ -0,0 +1 @@
+cake();
`;

function open(cols = 60, rows = 20): ReviewView {
  const view = new ReviewView();
  view.resize(cols, rows);
  view.setDiff(diff);
  return view;
}

const said: ReviewComment = {
  ...{ id: 4, run: 'fg-a-1', path: 'bread.ts', side: 'new', first: 2, last: 2, quote: 'const flour = 450;' },
  ...{ text: 'Why less?', actor: 'ada', at: 1, sentAt: null, note: '' },
};

test('a diff is read from top to bottom, with the numbers of both sides', () => {
  expect(reviewText(open(60, 19))).toEqual([
    ' bread.ts                                  file 1 of 2  all',
    '▌▾ M bread.ts                                         +3 -2',
    ' @@ -1,4 +1,5 @@',
    '   1   1   // Bread',
    '   2     - const flour = 500;',
    '       2 + const flour = 450;',
    '       3 + const rye = 50;',
    '   3   4   bake();',
    '   4   5   eat();',
    ' @@ -90,2 +91,2 @@ function cool() {',
    '  90  91   wait();',
    '  91     - end();',
    '      92 + slice();',
    ' ▾ A cake.ts                                          +1 -0',
    ' @@ -0,0 +1,1 @@',
    '       1 + cake();',
    '',
    '',
    '',
  ]);
});

test('with room enough, the list of files stands beside two sides', () => {
  const view = open(160, 8);
  view.toggleSides();
  const [, ...rows] = reviewText(view, new Map([['cake.ts', 'conflict'] as const]));
  expect(rows.map((row) => row.replace(/ {3,}/g, '  '))).toEqual([
    ' M bread.ts  +3 -2 │▌▾ M bread.ts  +3 -2',
    ' A cake.ts  ≠ +1 -0 │ @@ -1,4 +1,5 @@',
    '  │  1  // Bread  │  1  // Bread',
    '  │  2 - const flour = 500;  │  2 + const flour = 450;',
    '  │  │  3 + const rye = 50;',
    '  │  3  bake();  │  4  bake();',
    '  │  4  eat();  │  5  eat();',
  ]);
  view.resize(119, 8);
  expect(view.isSideBySide).toBe(false);
});

test('what differs within a line is marked, in both', () => {
  const cells = reviewCells(open(60, 19));
  const bold = (y: number) =>
    cells.text
      .slice(y * 60 + 12, y * 60 + 60)
      .filter((_, x) => (cells.attributes[y * 60 + 12 + x] ?? 0) & attribute.bold);
  expect(bold(4).join('')).toBe('500');
  expect(bold(5).join('')).toBe('450');
  expect(bold(6).join('')).toBe('');
});

test('one goes from change to change and from file to file, and folds what was read', () => {
  const view = open(60, 10);
  view.goToNext('hunk', 1);
  view.goToNext('hunk', 1);
  expect(view.row).toMatchObject({ kind: 'hunk', hunk: 1 });
  view.goToNext('file', 1);
  expect(view.file?.path).toBe('cake.ts');
  view.goToNext('file', -1);
  view.move(4);
  view.toggleFold();
  expect(view.row).toMatchObject({ kind: 'file', file: 0 });
  expect(view.rows.map(({ kind }) => kind)).toEqual(['file', 'file', 'hunk', 'line']);
  view.toggleFolds();
  expect(view.rows).toHaveLength(2);
  view.toggleFolds();
  expect(view.rows).toHaveLength(15);
});

test('a search goes round, opens what is folded, and keeps to small letters only when there is a capital', () => {
  const view = open();
  view.goToFile(1);
  view.toggleFold();
  expect(findInView(view, 'CAKE')).toBe(false);
  expect(findInView(view, 'cake')).toBe(true);
  expect(view.row).toMatchObject({ kind: 'line', right: { text: 'cake();' } });
  findInView(view, 'flour');
  expect(view.row).toMatchObject({ left: { text: 'const flour = 500;' } });
  findNextInView(view, 1);
  expect(view.row).toMatchObject({ right: { text: 'const flour = 450;' } });
  findNextInView(view, 1);
  expect(view.row).toMatchObject({ left: { text: 'const flour = 500;' } });
  findNextInView(view, -1);
  expect(view.row).toMatchObject({ right: { text: 'const flour = 450;' } });
  expect(view.letGo()).toBe(true);
  expect(view.letGo()).toBe(false);
});

test('a comment is on the line under the cursor, or on all that are selected, on the new side where there is one', () => {
  const view = open();
  expect(view.place()).toBe('Go to a line of the diff: that is what a comment is on.');
  view.goTo(3);
  expect(view.place()).toEqual({ path: 'bread.ts', side: 'old', first: 2, last: 2, quote: 'const flour = 500;' });
  view.toggleSelection();
  view.move(2);
  expect(view.place()).toEqual({
    ...{ path: 'bread.ts', side: 'new', first: 2, last: 3, quote: 'const flour = 450;\nconst rye = 50;' },
  });
  view.move(5);
  expect(view.place()).toBe('A comment is on lines of one part (@@) of one file.');
});

test('comments stand below their lines; when these are gone, below the name of the file, and say so', () => {
  const view = open(60, 24);
  view.goTo(5);
  view.setComments([said, { ...said, id: 5, text: 'Sent before.', quote: 'const salt = 9;', sentAt: 3 }]);
  // The cursor stays with its line.
  expect(view.row).toMatchObject({ right: { text: 'const rye = 50;' } });
  const rows = reviewText(view);
  expect(rows.slice(1, 11)).toEqual([
    ' ▾ M bread.ts                                      ✎2 +3 -2',
    '   ✎ ada, sent (5); line 2 has changed since: const salt =',
    '   │ Sent before.',
    ' @@ -1,4 +1,5 @@',
    '   1   1   // Bread',
    '   2     - const flour = 500;',
    '       2 + const flour = 450;',
    '   ✎ ada, not sent (4)',
    '   │ Why less?',
    '▌      3 + const rye = 50;',
  ]);
  view.goToNext('comment', -1);
  expect(view.comment?.text).toBe('Why less?');
});

test('the diff that is read again keeps the place, and the comments find their lines', () => {
  const view = open(60, 12);
  view.setComments([said]);
  findInView(view, 'slice');
  view.setDiff(diff.replace('@@ -1,4 +1,5 @@\n', '@@ -1,4 +1,6 @@\n+// New\n').replace('+91,2', '+92,2'));
  expect(view.row).toMatchObject({ kind: 'line', right: { new: 92 } });
  expect(view.comments[0]?.now).toBe(3);
});

test('tabs, wide letters, controls and long lines keep to their columns', () => {
  const view = new ReviewView();
  view.resize(40, 9);
  const lines = [
    '+\tif (x)',
    '+ab\tc',
    '+漢字かな漢字かな漢字かな漢字かな漢字かな',
    '+\u001b[31mred\u202e',
    '+end\r',
    `+${'long '.repeat(900)}`,
  ];
  view.setDiff(
    `diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -0,0 +1,6 @@\n${lines.join('\n')}\n\\ No newline at end of file\n`,
  );
  expect(reviewText(view).slice(3)).toEqual([
    '       1 +     if (x)',
    '       2 + ab  c',
    '       3 + 漢字かな漢字かな漢字かな漢字…',
    '       4 + \ufffd[31mred\ufffd',
    '       5 + end␍',
    '       6 + long long long long long lon…',
  ]);
  view.sideways(1);
  expect(reviewText(view)[5]).toBe('       3 + 漢字かな漢字かな漢字かな');
});

/** How long a step through so many lines takes, in ms: the middle one of many. */
function stepMs(count: number): number {
  const view = new ReviewView();
  view.resize(200, 60);
  const lines = Array.from({ length: count }, (_, line) => `+const value${line} = call(${line});`).join('\n');
  view.setDiff(`diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -0,0 +1,${count} @@\n${lines}\n`);
  const times = Array.from({ length: 60 }, () => {
    const began = performance.now();
    view.move(count / 100);
    reviewCells(view);
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[30] as number;
}

test('twenty thousand lines are moved through as quickly as two hundred', () => {
  stepMs(200);
  // New lines at each step, where the few are the same ones; what goes through all of them is beyond this by far.
  expect(stepMs(20_000)).toBeLessThan(10 * stepMs(200));
});

test('long lines are broken between letters, wide ones too, and a comment is on the whole line', () => {
  const view = new ReviewView();
  view.resize(32, 12);
  const lines = ['+0123456789abcdefghij', '+漢字かな漢字かな漢字', '+\tx'];
  view.setDiff(`diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -0,0 +1,3 @@\n${lines.join('\n')}\n`);
  view.resize(28, 12);
  view.toggleWrap();
  expect(reviewText(view).slice(2, 10)).toEqual([
    ' @@ -0,0 +1,3 @@',
    '       1 + 0123456789abcdefg',
    '           hij',
    '       2 + 漢字かな漢字かな',
    '           漢字',
    '       3 +     x',
    '',
    '',
  ]);
  view.goTo(2);
  view.toggleSelection();
  view.move(1);
  expect(view.place()).toMatchObject({ first: 1, last: 1, quote: '0123456789abcdefghij' });
  view.toggleWrap();
  expect(reviewText(view)[3]).toBe('▌      1 + 0123456789abcdef…');
});
