import { attribute, type CellBuffer, paletteColour, rgbColour, underlineStyle } from '../../domain/cells.ts';

const attributeCodes: [bit: number, code: number][] = [
  [attribute.bold, 1],
  [attribute.dim, 2],
  [attribute.italic, 3],
  [attribute.blink, 5],
  [attribute.inverse, 7],
  [attribute.invisible, 8],
  [attribute.strikethrough, 9],
  [attribute.overline, 53],
];

/** One row with SGR attributes, which are reset at its end; without its links. Blank cells at the end are left out unless `isWhole`. */
export function drawRow(cells: CellBuffer, y: number, isWhole = false): string {
  const start = y * cells.cols;
  let end = cells.cols;
  while (!isWhole && end > 0 && isBlank(cells, start + end - 1)) end -= 1;
  let text = '';
  let [foreground, background, attributes, underlineColour] = [0, 0, 0, 0];
  for (let index = start; index < start + end; index++) {
    if (cells.width[index] === 0) continue;
    const isSame =
      cells.foreground[index] === foreground &&
      cells.background[index] === background &&
      cells.attributes[index] === attributes &&
      (cells.extra[index]?.underlineColour ?? 0) === underlineColour;
    if (!isSame) {
      foreground = cells.foreground[index] ?? 0;
      background = cells.background[index] ?? 0;
      attributes = cells.attributes[index] ?? 0;
      underlineColour = cells.extra[index]?.underlineColour ?? 0;
      text += styleCodes(foreground, background, attributes, underlineColour);
    }
    text += cells.text[index];
  }
  const isPlain = foreground === 0 && background === 0 && attributes === 0 && underlineColour === 0;
  return isPlain ? text : `${text}${styleCodes(0, 0, 0)}`;
}

/** The sequence that sets exactly these colours and attributes. */
export function styleCodes(foreground: number, background: number, attributes: number, underlineColour = 0): string {
  const codes = ['0'];
  const style = (attributes & underlineStyle.mask) >> underlineStyle.shift;
  if (attributes & attribute.underline) codes.push(style === 0 ? '4' : `4:${style}`);
  for (const [bit, code] of attributeCodes) if (attributes & bit) codes.push(String(code));
  codes.push(...colour(38, foreground), ...colour(48, background), ...colour(58, underlineColour));
  return `\x1b[${codes.join(';')}m`;
}

function colour(code: number, value: number): string[] {
  if (value & rgbColour) return [`${code};2;${(value >> 16) & 0xff};${(value >> 8) & 0xff};${value & 0xff}`];
  return value & paletteColour ? [`${code};5;${value & 0xff}`] : [];
}

function isBlank(cells: CellBuffer, index: number): boolean {
  const isPlain = cells.background[index] === 0 && cells.attributes[index] === 0 && cells.foreground[index] === 0;
  return isPlain && cells.text[index] === ' ';
}
