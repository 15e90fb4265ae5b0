import { attribute, type CellBuffer, type Decoration, paletteColour, rgbColour } from '../../domain/cells.ts';

const attributeCodes: [bit: number, code: number][] = [
  [attribute.bold, 1],
  [attribute.dim, 2],
  [attribute.italic, 3],
  [attribute.underline, 4],
  [attribute.blink, 5],
  [attribute.inverse, 7],
  [attribute.invisible, 8],
  [attribute.strikethrough, 9],
  [attribute.overline, 53],
];

/**
 * One row with SGR attributes, which are reset at its end. Blank cells at the end are left out unless `isWhole`, links unless
 * `hasLinks`.
 */
export function drawRow(cells: CellBuffer, y: number, isWhole = false, hasLinks = false): string {
  const start = y * cells.cols;
  let end = cells.cols;
  while (!isWhole && end > 0 && isBlank(cells, start + end - 1)) end -= 1;
  let text = '';
  let [foreground, background, attributes] = [0, 0, 0];
  let decoration: Decoration | null = null;
  for (let index = start; index < start + end; index++) {
    if (cells.width[index] === 0) continue;
    const next = cells.decoration[index] ?? null;
    const isSame =
      cells.foreground[index] === foreground &&
      cells.background[index] === background &&
      cells.attributes[index] === attributes &&
      next === decoration;
    if (!isSame) {
      foreground = cells.foreground[index] ?? 0;
      background = cells.background[index] ?? 0;
      attributes = cells.attributes[index] ?? 0;
      if (hasLinks && (next?.link ?? '') !== (decoration?.link ?? '')) text += openLink(next?.link ?? '');
      decoration = next;
      text += sgr(foreground, background, attributes, decoration);
    }
    text += cells.text[index];
  }
  if (hasLinks && decoration?.link) text += openLink('');
  return foreground === 0 && background === 0 && attributes === 0 ? text : `${text}${sgr(0, 0, 0)}`;
}

/** What is written after it leads to `address`; '' ends that. */
export function openLink(address: string): string {
  return `\x1b]8;;${address}\x1b\\`;
}

/** The sequence that sets exactly these colours and attributes. */
export function sgr(
  foreground: number,
  background: number,
  attributes: number,
  decoration: Decoration | null = null,
): string {
  const codes = ['0'];
  for (const [bit, code] of attributeCodes) if (attributes & bit) codes.push(String(code));
  if (decoration !== null && attributes & attribute.underline) {
    if (decoration.underlineStyle > 1) codes.push(`4:${decoration.underlineStyle}`);
    codes.push(...colour(58, decoration.underlineColour));
  }
  codes.push(...colour(38, foreground), ...colour(48, background));
  return `\x1b[${codes.join(';')}m`;
}

function colour(code: number, value: number): string[] {
  if (value & rgbColour) return [`${code};2;${(value >> 16) & 0xff};${(value >> 8) & 0xff};${value & 0xff}`];
  return value & paletteColour ? [`${code};5;${value & 0xff}`] : [];
}

function isBlank(cells: CellBuffer, index: number): boolean {
  const isPlain =
    !cells.decoration[index] &&
    cells.background[index] === 0 &&
    cells.attributes[index] === 0 &&
    cells.foreground[index] === 0;
  return isPlain && cells.text[index] === ' ';
}
