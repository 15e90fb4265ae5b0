import stringWidth from 'string-width';

/** Distinct graphemes whose width is remembered. */
const cachedWidthsMax = 4096;
const cachedWidths = new Map<string, number>();

/** Columns of one grapheme, as Ink measures it. */
export function graphemeWidth(grapheme: string): number {
  let width = cachedWidths.get(grapheme);
  if (width === undefined) {
    if (cachedWidths.size >= cachedWidthsMax) cachedWidths.clear();
    width = stringWidth(grapheme);
    cachedWidths.set(grapheme, width);
  }
  return width;
}
