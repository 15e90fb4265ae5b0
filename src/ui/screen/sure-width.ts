/**
 * Whether every terminal moves its cursor exactly one column for this grapheme: one UTF-16 unit from ASCII, Latin, Greek,
 * Cyrillic, box drawing and blocks, or Braille. After anything else (wide, combined, emoji) terminals disagree, so the
 * painter says where the cursor is.
 */
export function hasSureWidth(text: string): boolean {
  if (text.length !== 1) return false;
  const code = text.charCodeAt(0);
  if (code < 0x7f) return code >= 0x20;
  return sureRanges.some(([first, last]) => code >= first && code <= last);
}

const sureRanges = [
  // The soft hyphen, 0xad, is drawn by some and not by others.
  [0xa0, 0xac],
  [0xae, 0x24f],
  [0x391, 0x3ff],
  [0x400, 0x481],
  [0x2500, 0x259f],
  [0x2800, 0x28ff],
];

/** Longest grapheme, in UTF-16 units, that goes to the outer terminal: a flag of England has 14; a tower of accents has no end. */
const graphemeUnitsMax = 32;

/** Cells of agents come from a parser, so a control character here is a fault; the terminal must not see it all the same. */
export function cellTextForTerminal(text: string): string {
  if (text.length === 1) {
    const code = text.charCodeAt(0);
    if (code >= 0x20 && code < 0x7f) return text;
    return code < 0xa0 || isInvisible(text) ? ' ' : text;
  }
  if (text.length > graphemeUnitsMax || unsafe.test(text)) return '\u{fffd}';
  return text;
}

function isInvisible(text: string): boolean {
  return text > '\u2000' && unsafe.test(text);
}

// Controls, bidirectional marks and overrides, line separators, byte order mark, lone surrogates.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
