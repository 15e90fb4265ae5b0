/** The brackets that a terminal puts around pasted text (DEC 2004). */
export const pasteStart = '\u001b[200~';
export const pasteEnd = '\u001b[201~';

/** Longest piece at the end of a chunk that may be the beginning of a bracket: C2 9B is the 8-bit form of ESC [. */
const bracketBytesMax = 6;

/**
 * Pasted text for a program, in latin1 so that one character is one byte. The brackets in it lose their introducer, which
 * becomes a visible mark: pasted text cannot end its own paste and go on as typed keys. Nothing is joined by taking it out.
 */
export function withoutBrackets(content: string): string {
  return content.replace(/(?:\u001b\[|\u00c2\u009b|\u009b)(?=20[01]~)/g, visibleEscape);
}

// U+241B, symbol for escape, as UTF-8 bytes.
const visibleEscape = Buffer.from('\u241b').toString('latin1');

/**
 * Splits what arrived within a paste at its end. A bracket that another one follows without a new beginning came from the
 * pasted text itself. `end`: the index behind the bracket, null when it has not come; then the text from `keepFrom` on may
 * be half a bracket.
 */
export function findPasteEnd(data: string, from: number): { contentEnd: number; end: number | null } {
  let at = data.indexOf(pasteEnd, from);
  if (at === -1) return { contentEnd: keptTail(data, from), end: null };
  for (;;) {
    const next = data.indexOf(pasteEnd, at + 1);
    const start = data.indexOf(pasteStart, at + 1);
    if (next === -1 || (start !== -1 && start < next)) return { contentEnd: at, end: at + pasteEnd.length };
    at = next;
  }
}

function keptTail(data: string, from: number): number {
  const tail = data.slice(Math.max(from, data.length - bracketBytesMax));
  const half = /(?:\u001b(?:\[(?:2(?:0(?:[01])?)?)?)?|\u00c2(?:\u009b(?:2(?:0(?:[01])?)?)?)?)$/.exec(tail);
  return data.length - (half?.[0].length ?? 0);
}
