import stringWidth from 'string-width';

const sgr = {
  plain: '',
  bold: '1',
  dim: '2',
  accent: '1;36',
  notice: '33',
  added: '32',
  removed: '31',
  quoted: '7',
} as const;
export type Style = keyof typeof sgr;

export interface Span {
  text: string;
  style: Style;
}
/** One line as it was said, before it is wrapped to a width. */
export interface Line {
  spans: readonly Span[];
  /** Columns by which the rows after the first are indented. */
  hang: number;
}

export function line(text: string, style: Style = 'plain', hang = 0): Line {
  return { spans: [{ text, style }], hang };
}

export function styledLine(spans: readonly Span[], hang = 0): Line {
  return { spans, hang };
}

interface Cell extends Span {
  width: number;
}

const segmenter = new Intl.Segmenter();

export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Rows of at most `cols` columns with their SGR attributes, broken at spaces where there are some. Never empty. */
export function wrap({ spans, hang }: Line, cols: number): string[] {
  const rows: string[] = [];
  // A hanging indent that leaves no room for words is none.
  const indent = hang * 2 < cols ? cellsOf({ text: ' '.repeat(hang), style: 'plain' }) : [];
  let row: Cell[] = [];
  let width = 0;
  for (const cell of spans.flatMap(cellsOf)) {
    if (width + cell.width > cols && width > 0) {
      const space = row.findLastIndex(({ text }) => text === ' ');
      const cut = cell.text === ' ' || space <= indentOf(row) ? row.length : space + 1;
      rows.push(paint(row.slice(0, cut)));
      row = [...indent, ...row.slice(cut)];
      width = row.reduce((sum, kept) => sum + kept.width, 0);
      if (cell.text === ' ' && row.length === indent.length) continue;
    }
    row.push(cell);
    width += cell.width;
  }
  return [...rows, paint(row)];
}

function cellsOf({ text, style }: Span): Cell[] {
  return graphemes(text).map((segment) => ({ text: segment, style, width: stringWidth(segment) }));
}

/** Index of the last leading space, which is no place to break at; -1 when there is none. */
function indentOf(row: readonly Cell[]): number {
  return row.findIndex(({ text }) => text !== ' ') - 1;
}

function paint(row: readonly Cell[]): string {
  let out = '';
  let style: Style = 'plain';
  for (const cell of row) {
    if (cell.style !== style) out += `\u001b[0;${sgr[cell.style]}m`;
    style = cell.style;
    out += cell.text;
  }
  return style === 'plain' ? out : `${out}\u001b[0m`;
}

/** The end of `text` that fits into `cols` columns, and how wide it is. */
export function tail(text: string, cols: number): { text: string; width: number } {
  let out = '';
  let width = 0;
  for (const segment of graphemes(text).reverse()) {
    const more = stringWidth(segment);
    if (width + more > cols) break;
    out = segment + out;
    width += more;
  }
  return { text: out, width };
}
