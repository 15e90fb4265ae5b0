import type { CellBuffer, Decoration } from '../../domain/cells.ts';

/** Longest address that is shown to a terminal, in characters: what browsers take. */
const linkLengthMax = 2_083;

/** Decorations that are known by name; beyond this many the table starts again. */
const knownMax = 4_096;

const known = new Map<string, Decoration>();

/** The same object for the same look, as long as the table lasts. Null for what is no decoration. */
export function decorationOf(underlineStyle: number, underlineColour: number, link: string): Decoration | null {
  if (underlineStyle <= 1 && underlineColour === 0 && link === '') return null;
  const name = `${underlineStyle} ${underlineColour} ${link}`;
  let decoration = known.get(name);
  if (decoration === undefined) {
    if (known.size >= knownMax) known.clear();
    decoration = { underlineStyle: Math.max(1, underlineStyle), underlineColour, link };
    known.set(name, decoration);
  }
  return decoration;
}

/** The address if a terminal may be told of it: of the web or of mail, in printable ASCII. Otherwise ''. */
export function safeLink(address: string): string {
  return address.length <= linkLengthMax && /^(?:https?:\/\/|mailto:)[\x21-\x7e]+$/i.test(address) ? address : '';
}

/**
 * Takes away the links of cells `start` to `end` of one row whose text is itself an address, of another host: a click would
 * not lead where it says.
 */
export function dropMisleadingLinks(cells: CellBuffer, start: number, end: number): void {
  for (let from = start; from < end; from++) {
    const link = cells.decoration[from]?.link ?? '';
    if (link === '') continue;
    let to = from;
    let text = '';
    while (to < end && cells.decoration[to]?.link === link) text += cells.text[to++];
    const shown = /^\s*(?:https?:\/\/|www\.)([^\s/?#]*)/i.exec(text);
    if (shown && hostName(shown[0]) !== hostName(link)) {
      for (let at = from; at < to; at++) {
        const { underlineStyle = 1, underlineColour = 0 } = cells.decoration[at] ?? {};
        cells.decoration[at] = decorationOf(underlineStyle, underlineColour, '');
      }
    }
    from = to - 1;
  }
}

function hostName(address: string): string | null {
  try {
    const text = address.trim();
    const url = new URL(/^https?:/i.test(text) ? text : `https://${text}`);
    return /^mailto:/i.test(text) ? null : url.hostname.replace(/^www\./, '');
  } catch {
    return null;
  }
}
