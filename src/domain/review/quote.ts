import { type FileDiff, numberOn } from '../diff/file-diff.ts';
import { fileOf } from './place-comments.ts';
import type { ReviewPlace } from './review-comment.ts';

/** What the lines of a place say in a diff; null: not all of them are in it. */
export function quoteOf(files: readonly FileDiff[], place: Omit<ReviewPlace, 'quote'>): string | null {
  const { side, first, last } = place;
  const lines = (fileOf(place, files)?.hunks ?? []).flatMap((hunk) => hunk.lines);
  const meant = lines.filter((line) => {
    const number = numberOn(line, side);
    return number !== null && number >= first && number <= last;
  });
  return meant.length > 0 && meant.length === last - first + 1 ? meant.map(({ text }) => text).join('\n') : null;
}
