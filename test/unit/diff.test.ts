import { expect, test } from 'vitest';
import { parseDiff } from '../../src/domain/diff/parse-diff.ts';
import { quoteOf } from '../../src/domain/review/quote.ts';

test('files, hunks and lines, with their numbers on both sides', () => {
  const { files } = parseDiff(`diff --git a/src/a.ts b/src/a.ts
index 1..2 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -10,3 +10,4 @@ function a() {
 same
-old
+new
+more
 last
\\ No newline at end of file
`);
  expect(files).toEqual([
    {
      ...{ path: 'src/a.ts', oldPath: 'src/a.ts', change: 'modified', isBinary: false, oldMode: null, newMode: null },
      ...{ added: 2, removed: 1 },
      hunks: [
        {
          ...{ heading: 'function a() {', oldStart: 10, oldCount: 3, newStart: 10, newCount: 4 },
          lines: [
            { kind: 'context', text: 'same', old: 10, new: 10, hasNewline: true },
            { kind: 'removed', text: 'old', old: 11, new: null, hasNewline: true },
            { kind: 'added', text: 'new', old: null, new: 11, hasNewline: true },
            { kind: 'added', text: 'more', old: null, new: 12, hasNewline: true },
            { kind: 'context', text: 'last', old: 12, new: 13, hasNewline: false },
          ],
        },
      ],
    },
  ]);
});

test('what moved, what changed its mode, what is no text, what came and what went', () => {
  const { files } = parseDiff(`diff --git a/old name b/new name
similarity index 90%
rename from old name
rename to new name
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git "a/b\\303\\244r.png" "b/b\\303\\244r.png"
index 1..2 100644
Binary files "a/b\\303\\244r.png" and "b/b\\303\\244r.png" differ
diff --git a/new b/new
new file mode 100644
index 0..1
--- /dev/null
+++ b/new
@@ -0,0 +1 @@
+line
diff --git a/gone file b/gone file
deleted file mode 100644
--- a/gone file\t
+++ /dev/null
@@ -1 +0,0 @@
-line
`);
  expect(
    files.map(({ path, oldPath, change, isBinary, newMode, added, removed }) => [
      path,
      oldPath,
      change,
      isBinary,
      newMode,
      added,
      removed,
    ]),
  ).toEqual([
    ['new name', 'old name', 'renamed', false, null, 0, 0],
    ['run.sh', 'run.sh', 'modified', false, '100755', 0, 0],
    ['bär.png', 'bär.png', 'modified', true, null, 0, 0],
    ['new', 'new', 'added', false, '100644', 1, 0],
    ['gone file', 'gone file', 'removed', false, null, 0, 1],
  ]);
});

test('lines that look like headers of a diff are lines', () => {
  const { files } = parseDiff(
    'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n--- a/x\n-diff --git a/x b/x\n+++ b/x\n+@@ -1 +1 @@\n',
  );
  expect(files).toHaveLength(1);
  expect(files[0]?.hunks[0]?.lines.map(({ kind, text }) => [kind, text])).toEqual([
    ['removed', '-- a/x'],
    ['removed', 'diff --git a/x b/x'],
    ['added', '++ b/x'],
    ['added', '@@ -1 +1 @@'],
  ]);
});

test.each([
  ['nothing', '', 0],
  ['no diff', 'some text\nof a person\n', 0],
  ['a combined diff', 'diff --cc a\nindex 1,2..3\n--- a/a\n+++ b/a\n@@@ -1,1 -1,1 +1,2 @@@\n  x\n++y\n', 1],
  ['a header alone', 'diff --git ', 1],
  ['quotes that do not end', 'diff --git "a/\\30 b/x\nrename to "\\', 1],
  ['a hunk with numbers beyond all', `diff --git a/a b/a\n@@ -${'9'.repeat(400)} +1 @@\n x\n`, 1],
])('%s is read without a failure', (_what, text, count) => {
  expect(parseDiff(text).files).toHaveLength(count);
});

test('what was cut is there as far as it goes, and says that it was', () => {
  const { files, isCut } = parseDiff(
    'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,9 +1,9 @@\n-one\n+two\n… cut after 60 bytes\n',
  );
  expect(isCut).toBe(true);
  expect(files[0]?.hunks[0]?.lines).toHaveLength(2);
});

test('the lines of a place are quoted, if all of them are in the diff', () => {
  const { files } = parseDiff('diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -3,2 +3,2 @@\n one\n-two\n+zwei\n');
  expect(quoteOf(files, { path: 'a', side: 'new', first: 3, last: 4 })).toBe('one\nzwei');
  expect(quoteOf(files, { path: 'a', side: 'old', first: 4, last: 4 })).toBe('two');
  expect(quoteOf(files, { path: 'a', side: 'new', first: 4, last: 5 })).toBeNull();
  expect(quoteOf(files, { path: 'b', side: 'new', first: 3, last: 3 })).toBeNull();
});
