import { lastOf, type PlacedComment } from './place-comments.ts';

/** Lines of the file that are quoted to the agent for one comment, and characters of each. */
const quotedLinesMax = 6;
const quotedLengthMax = 160;

/** What the agent is told: all comments in one message, numbered, each with the lines that it is about. */
export function reviewWords(comments: readonly PlacedComment[]): string {
  const count = comments.length === 1 ? 'one comment' : `${comments.length} comments`;
  const head = `Your work was reviewed, with ${count}. Change what each asks for, or say why not.`;
  return [head, ...comments.map((comment, index) => `${index + 1}. ${commentWords(comment)}`)].join('\n\n');
}

function commentWords(comment: PlacedComment): string {
  const [text, ...more] = comment.text.trim().split('\n');
  const indented = more.map((line) => `   ${line}`);
  return [`${placeWords(comment)}: ${text}`, ...indented, ...quoteOf(comment)].join('\n');
}

/** `src/a.ts:12-14`, and what is to be known of that. */
export function placeWords(comment: PlacedComment): string {
  const { path, side, now, first } = comment;
  const from = now ?? first;
  const to = lastOf(comment);
  const notes = [
    ...(side === 'old' ? ['before your change'] : []),
    ...(now === null ? ['as it was; these lines have changed since'] : []),
  ];
  return `${path}:${from === to ? from : `${from}-${to}`}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

function quoteOf({ quote }: PlacedComment): string[] {
  const lines = quote.split('\n');
  const shown = lines.slice(0, quotedLinesMax).map((line) => `   > ${line.slice(0, quotedLengthMax)}`);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `   > (${more} more)`] : shown;
}
