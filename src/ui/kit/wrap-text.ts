import { plainText } from '../../base/text.ts';
import { widthOf } from './fit-text.ts';

/** A text in rows of at most `cols` columns, broken at blanks where there are some. */
export function wrapText(text: string, cols: number): string[] {
  const rows: string[] = [];
  for (const line of text.split('\n')) {
    let row = '';
    let width = 0;
    for (const word of plainText(line).match(/\s+|\S+/gu) ?? ['']) {
      const wordWidth = widthOf(word);
      // No row begins with the blank where it was broken.
      if (width + wordWidth > cols && width > 0 && word.trim() === '') {
        width = cols;
        continue;
      }
      if (width + wordWidth > cols && width > 0) {
        rows.push(row.trimEnd());
        row = '';
        width = 0;
      }
      for (const { segment } of wordWidth > cols ? graphemes.segment(word) : [{ segment: word }]) {
        const part = widthOf(segment);
        if (width + part > cols && row !== '') {
          rows.push(row.trimEnd());
          row = '';
          width = 0;
        }
        row += segment;
        width += part;
      }
    }
    rows.push(row.trimEnd());
  }
  return rows;
}

/** The same; what goes on from the line above begins further in. A text that fits is not broken. */
export function wrapHanging(text: string, cols: number, indentCols: number): string[] {
  const rows = wrapText(text, cols);
  if (rows.length === 1) return rows;
  return wrapText(text, cols - indentCols).map((row, index) => (index > 0 ? ' '.repeat(indentCols) : '') + row);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
