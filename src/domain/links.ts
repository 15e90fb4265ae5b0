import type { CellBuffer } from './cells.ts';

/** Longest address of a link, in characters: what browsers and other terminals take. */
export const linkLengthMax = 2_083;

/**
 * Where a link in a pane may lead. Printable ASCII only: an address that needs more writes it with percent signs. No user
 * name before a host, which would let one host seem another.
 */
const allowedLink = /^(?:https?:\/\/(?![^/\\?#]*@)|mailto:)[!-~]+$/i;

export function isAllowedLink(uri: string): boolean {
  return uri.length <= linkLengthMax && allowedLink.test(uri);
}

/**
 * Takes away links in row `y` whose text says another host than the one where they lead. Text says a host after `://` and
 * when it begins with `www.`; what counts is the whole word that the link is in, also where it goes on in the next row. Of a
 * word that says several hosts, one must be the link's.
 */
export function dropFalseLinks(cells: CellBuffer, y: number): void {
  const { cols, extra } = cells;
  const end = (y + 1) * cols;
  for (let at = y * cols; at < end; at++) {
    if (!extra[at]?.link) continue;
    const word = wordAt(cells, at);
    const said = hostsSaid(word.text);
    for (; said.length > 0 && at < Math.min(word.end, end); at++) {
      const link = extra[at]?.link;
      if (link && !said.includes(hostOf(link.uri))) dropLink(cells, at);
    }
    at = Math.max(at, Math.min(word.end, end) - 1);
  }
}

function dropLink(cells: CellBuffer, at: number): void {
  const { underlineColour = 0 } = cells.extra[at] ?? {};
  cells.extra[at] = underlineColour === 0 ? null : { underlineColour, link: null };
}

/** Longest word that is looked at, in cells to either side: more than any host's name and what stands before it. */
const wordCellsMax = 512;

function wordAt({ text }: CellBuffer, at: number): { text: string; end: number } {
  let start = at;
  while (start > 0 && at - start < wordCellsMax && isInWord(text[start - 1])) start--;
  let end = at + 1;
  while (end < text.length && end - at < wordCellsMax && isInWord(text[end])) end++;
  return { text: text.slice(start, end).join(''), end };
}

function isInWord(text: string | undefined): boolean {
  return text !== undefined && !wordBreak.test(text);
}

/** Blanks, and the lines that boxes are drawn with. */
const wordBreak = /^[\s|\u2500-\u257f]$/;

const saidHost = /(?::\/\/(?:[^/?#\s@]*@)?|(?<![\p{L}\p{N}.-])(?=www\.))([^/?#\s:)\]>}"'`,;]+)/giu;

/** The hosts that a text says, without `www.`. */
function hostsSaid(text: string): string[] {
  return [...text.matchAll(saidHost)].map(([, host]) => hostOf(`https://${host}`));
}

/** '' when there is none. */
function hostOf(uri: string): string {
  if (!URL.canParse(uri)) return '';
  return new URL(uri).hostname.replace(/^www\./, '').replace(/\.+$/, '');
}
