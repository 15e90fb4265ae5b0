import { expect, test } from 'vitest';
import { readHighlight } from '../../src/ui/review/read-highlight.ts';
import { changedParts } from '../../src/ui/review/word-diff.ts';

const marked = (text: string, parts: readonly (readonly [number, number])[]) =>
  parts.map(([from, to]) => text.slice(from, to));

test.each([
  ['const a = 1;', 'const b = 1;', ['a'], ['b']],
  ['call(one, two)', 'call(one, three, two)', [], ['three, ']],
  ['  return x;', '    return x;', ['  '], ['    ']],
  ['same', 'same', [], []],
  ['It bakes.', 'It bakes. It cools, is cut, is eaten and is gone.', [], [' It cools, is cut, is eaten and is gone.']],
  ['nothing in common', 'else { wholly }', [], []],
  ['größe = 1', 'größe = 2', ['1'], ['2']],
])('%s and %s differ by words', (before, after, gone, come) => {
  const [old, now] = changedParts(before, after);
  expect([marked(before, old), marked(after, now)]).toEqual([gone, come]);
});

test('lines that programs made are not looked into', () => {
  expect(changedParts('a.'.repeat(20_000), 'b.'.repeat(20_000))).toEqual([[], []]);
});

test('what a highlighter says is read line by line', () => {
  const html =
    '<span class="hljs-comment">/* a\n b */</span> x &lt; <span class="hljs-title function_">f<span class="hljs-string">&quot;</span></span>';
  expect(readHighlight(html)).toEqual([
    [{ from: 0, to: 4, scope: 'comment' }],
    [
      { from: 0, to: 5, scope: 'comment' },
      { from: 10, to: 11, scope: 'title' },
      { from: 11, to: 12, scope: 'string' },
    ],
  ]);
});
