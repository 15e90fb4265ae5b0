import { type DiffLine, type FileDiff, numberOn } from '../diff/file-diff.ts';
import type { ReviewComment } from './review-comment.ts';

/** A comment with where its lines are in the present diff. */
export interface PlacedComment extends ReviewComment {
  /** Their first number now; null: these lines are not in the diff any more. */
  now: number | null;
}

/** Finds the lines of each comment again: by what they say, and of several such places the one that is nearest. */
export function placeComments(comments: readonly ReviewComment[], files: readonly FileDiff[]): PlacedComment[] {
  return comments.map((comment) => ({ ...comment, now: placeOf(comment, fileOf(comment, files)) }));
}

/** The file of a comment, also when it has been renamed since. */
export function fileOf(
  { path, side }: Pick<ReviewComment, 'path' | 'side'>,
  files: readonly FileDiff[],
): FileDiff | null {
  const own = files.find((file) => (side === 'old' ? file.oldPath : file.path) === path);
  return own ?? files.find((file) => file.oldPath === path) ?? null;
}

/** The last number of its lines now. */
export function lastOf({ now, first, last }: PlacedComment): number {
  return (now ?? first) + last - first;
}

function placeOf({ side, first, quote }: ReviewComment, file: FileDiff | null): number | null {
  const texts = quote.split('\n');
  let nearest: number | null = null;
  for (const { lines } of file?.hunks ?? []) {
    const own = lines.filter((line) => numberOn(line, side) !== null);
    for (const [index, line] of own.entries()) {
      const at = numberOn(line, side) as number;
      const isNearer = nearest === null || Math.abs(at - first) < Math.abs(nearest - first);
      if (isNearer && says(own, index, texts)) nearest = at;
    }
  }
  return nearest;
}

function says(lines: readonly DiffLine[], from: number, texts: readonly string[]): boolean {
  return texts.every((text, index) => lines[from + index]?.text === text);
}
