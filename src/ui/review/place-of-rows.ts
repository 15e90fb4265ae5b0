import { type FileDiff, numberOn } from '../../domain/diff/file-diff.ts';
import { commentLinesMax, type ReviewPlace } from '../../domain/review/review-comment.ts';
import type { Row } from './review-rows.ts';

/** The lines of these rows as a comment names them; otherwise why it cannot be on them. The new side counts, where there is one. */
export function placeOfRows(rows: readonly Row[], files: readonly FileDiff[]): ReviewPlace | string {
  const meant = rows.filter((row) => row.kind === 'line');
  const [first] = meant;
  const file = first && files[first.file];
  if (!first || !file) return 'Go to a line of the diff: that is what a comment is on.';
  if (meant.some((row) => row.file !== first.file || row.hunk !== first.hunk))
    return 'A comment is on lines of one part (@@) of one file.';
  const isNew = meant.some(({ right }) => right !== null);
  const side = isNew ? 'new' : 'old';
  // A long line has several rows.
  const lines = [...new Set(meant.flatMap(({ left, right }) => (isNew ? right : left) ?? []))];
  if (lines.length > commentLinesMax) return `A comment is on at most ${commentLinesMax} lines.`;
  const numbers = lines.flatMap((line) => numberOn(line, side) ?? []);
  return {
    path: isNew ? file.path : file.oldPath,
    side,
    first: Math.min(...numbers),
    last: Math.max(...numbers),
    quote: lines.map(({ text }) => text).join('\n'),
  };
}
