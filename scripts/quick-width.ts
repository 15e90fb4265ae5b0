/**
 * The width of what an interface is mostly made of: ASCII, Latin, lines, blocks and simple shapes, with colours. Null for the
 * rest, which `string-width` knows. Its tables of emoji take as long to build as the first frame of the dashboard takes to draw.
 */
export function quickWidth(text: string): number | null {
  const shown = text.includes('\x1b') ? text.replace(sgr, '') : text;
  return simple.test(shown) ? shown.length : null;
}

const sgr = /\x1b\[[\d;]*m/g;

/** Each takes one column, alone and in any row of them. */
const simple = /^[ -~\u00b7\u00c0-\u024f\u2013\u2014\u2026\u2190-\u2193\u2265\u2500-\u25fc\u2713\u2717]*$/;
