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

/** One that is two columns wide for every terminal: kana, Han and Hangul as they are in one code point. */
export function isWideForAll(text: string): boolean {
  const code = text.length === 1 ? text.charCodeAt(0) : 0;
  return (code >= 0x3041 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3);
}

/** The columns that a grapheme may take on a terminal that joins nothing. */
export function columnsMax(text: string): number {
  let columns = 0;
  for (const _ of text) columns += 2;
  return columns;
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
    if (code < 0xa0 || text === joiner || isInvisible(text)) return ' ';
    return code < 0x300 ? (code === softHyphen ? '-' : text) : alone(text);
  }
  if (text.length > graphemeUnitsMax) return '\u{fffd}';
  if (text.endsWith(joiner)) return cellTextForTerminal(text.slice(0, -1));
  if (!unsafe.test(text)) return alone(text);
  // A mark without width may stand behind any letter: the letter stays.
  const seen = text.replace(withoutWidth, '');
  return unsafe.test(seen) ? '\u{fffd}' : alone(seen || ' ');
}

/** At the end of a grapheme it joins nothing; but tmux puts whatever is written next into the cell before it. */
const joiner = '\u200d';

/** Some terminals draw it and some do not. */
const softHyphen = 0xad;

/** A mark that stands first in a cell would join the cell before it: it gets a blank to stand on. */
function alone(text: string): string {
  return joinsBefore.test(text) ? ` ${text}` : text;
}

const joinsBefore = /^(?:[\p{M}\u1160-\u11ff\ud7b0-\ud7fb\u{e0020}-\u{e007f}]|\u200c|\u200d|\p{Emoji_Modifier})/u;

function isInvisible(text: string): boolean {
  return text > '\u2000' && unsafe.test(text);
}

// Controls, bidirectional marks and overrides, line separators, byte order mark, lone surrogates.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const withoutWidth = /[\u200b\u200e\u200f\u2060\ufeff]/g;
