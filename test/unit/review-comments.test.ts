import { expect, test } from 'vitest';
import { parseDiff } from '../../src/domain/diff/parse-diff.ts';
import { placeComments } from '../../src/domain/review/place-comments.ts';
import type { ReviewComment } from '../../src/domain/review/review-comment.ts';
import { reviewWords } from '../../src/domain/review/review-words.ts';

function comment(text: string, place: Partial<ReviewComment>): ReviewComment {
  const where = { path: 'a.ts', side: 'new', first: 1, last: 1, quote: '' } as const;
  return { id: 1, run: 'fg-a-1', actor: 'ada', at: 1, sentAt: null, note: '', text, ...where, ...place };
}

function diffOf(lines: readonly string[], start = 1, path = 'a.ts', more = '') {
  const count = (sign: string) => lines.filter((line) => line[0] !== sign).length;
  const hunk = `@@ -${start},${count('+')} +${start},${count('-')} @@`;
  return parseDiff(`diff --git a/a.ts b/${path}\n${more}--- a/a.ts\n+++ b/${path}\n${hunk}\n${lines.join('\n')}\n`)
    .files;
}

test('a comment is found again where its lines are now, the nearest of several', () => {
  const files = diffOf([' {', '+one', '+two', ' }', '+one', '+two'], 40);
  const placed = placeComments(
    [
      comment('near the first', { first: 3, last: 4, quote: 'one\ntwo' }),
      comment('near the second', { first: 90, last: 91, quote: 'one\ntwo' }),
      comment('changed', { first: 5, quote: 'three' }),
      comment('other file', { path: 'b.ts', quote: 'one' }),
    ],
    files,
  );
  expect(placed.map(({ text, now }) => [text, now])).toEqual([
    ['near the first', 41],
    ['near the second', 44],
    ['changed', null],
    ['other file', null],
  ]);
});

test('a comment on a line that went counts on the old side; one of a renamed file comes along', () => {
  const files = diffOf(['-old', '+new'], 7, 'b.ts', 'rename from a.ts\nrename to b.ts\n');
  const placed = placeComments([comment('x', { side: 'old', quote: 'old' }), comment('y', { quote: 'new' })], files);
  expect(placed.map(({ now }) => now)).toEqual([7, 7]);
});

test('the agent is told all of them in one message, numbered, with the lines', () => {
  const files = diffOf([' {', '+one', '+two', '-gone'], 40);
  const words = reviewWords(
    placeComments(
      [
        comment('Say why.\nAnd how.', { first: 3, last: 4, quote: 'one\ntwo' }),
        comment('Keep it.', { side: 'old', first: 41, last: 41, quote: 'gone' }),
        comment('Too long.', { first: 9, last: 9, quote: 'not there' }),
      ],
      files,
    ),
  );
  expect(words).toBe(`Your work was reviewed, with 3 comments. Change what each asks for, or say why not.

1. a.ts:41-42: Say why.
   And how.
   > one
   > two

2. a.ts:41 (before your change): Keep it.
   > gone

3. a.ts:9 (as it was; these lines have changed since): Too long.
   > not there`);
});
