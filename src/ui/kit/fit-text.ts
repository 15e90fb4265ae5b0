import stringWidth from 'string-width';

/** Exactly `cols` cells of the terminal: padded, or cut with `…`. Wide characters are never halved. */
export function fitText(text: string, cols: number, isRight = false): string {
  const width = widthOf(text);
  const shown = width <= cols ? text : cutText(text, cols);
  const padding = ' '.repeat(Math.max(0, cols - (shown === text ? width : widthOf(shown))));
  return isRight ? padding + shown : shown + padding;
}

/** At most `cols` cells. */
export function cutText(text: string, cols: number): string {
  if (cols <= 0) return '';
  if (widthOf(text) <= cols) return text;
  let shown = '';
  let left = cols - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    shown += segment;
  }
  return `${shown}…`;
}

/** Cells that it takes on the terminal. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

const plain = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
