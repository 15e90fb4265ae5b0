import type { PlacedComment } from '../../domain/review/place-comments.ts';
import { wrapText } from '../kit/wrap-text.ts';

/** The rows of a comment: who said it, then what. */
export function commentRows(
  { actor, sentAt, note, now, id, text, first, quote }: PlacedComment,
  cols: number,
): string[] {
  const state = sentAt === null ? `not sent${note === '' ? '' : `: ${note}`}` : 'sent';
  const lost = now === null ? `; line ${first} has changed since: ${quote.split('\n', 1)[0]?.trim()}` : '';
  const [head = ''] = wrapText(`${actor}, ${state} (${id})${lost}`, cols);
  return [head, ...wrapText(text, cols)];
}
