import stringWidth from 'string-width';
import { plainText } from '../../base/text.ts';
import { graphemes } from '../terminal/layout.ts';

/** How much of the end of a draft is laid out, in characters: more than any screen shows. */
const shownMax = 4_000;

/** A draft as it is typed: the last rows of it, and how wide the last one is, where the next letter will be. */
export function inputRows(draft: string, cols: number, rowsMax: number): { rows: string[]; width: number } {
  const isCut = draft.length > shownMax;
  const lines = (isCut ? draft.slice(-shownMax) : draft).split('\n');
  const rows: { text: string; width: number }[] = [];
  for (const text of lines) {
    rows.push({ text: '', width: 0 });
    for (const segment of graphemes(plainText(text))) {
      const width = stringWidth(segment);
      const last = rows[rows.length - 1];
      // Two for the mark, one for the cursor.
      if (last.width + width > cols - 3) rows.push({ text: segment, width });
      else Object.assign(last, { text: last.text + segment, width: last.width + width });
    }
  }
  const shown = rows.slice(-rowsMax);
  const isWhole = !isCut && shown.length === rows.length;
  const marked = shown.map(({ text }, index) => `${index > 0 ? ' ' : isWhole ? '›' : '…'} ${text}`);
  return { rows: marked, width: 2 + (shown.at(-1)?.width ?? 0) };
}
