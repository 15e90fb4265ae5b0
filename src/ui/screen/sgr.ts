import { attribute, rgbColour, underlineStyle } from '../../domain/cells.ts';
import { type ColourDepth, reduceColour } from './colour-depth.ts';

/** What the next written character looks like, in the encoding of `CellBuffer`. */
export interface Pen {
  foreground: number;
  background: number;
  attributes: number;
  underlineColour: number;
}

export const plainPen: Readonly<Pen> = { foreground: 0, background: 0, attributes: 0, underlineColour: 0 };

/**
 * Gives the shortest SGR sequence from one pen to another for a terminal of `depth` colours; '' when they look the same.
 * `hasStyles`: the terminal knows underlines other than single ones, and their colours.
 */
export function createSgr(depth: ColourDepth, hasStyles = true): (from: Pen, to: Pen) => string {
  const foregroundCode = cachedColourCode(depth, 30);
  const backgroundCode = cachedColourCode(depth, 40);

  return (from, to) => {
    if ((from.attributes | to.attributes | from.underlineColour | to.underlineColour) === 0) {
      let codes = '';
      if (from.foreground !== to.foreground) codes += foregroundCode(to.foreground);
      if (from.background !== to.background) codes += backgroundCode(to.background);
      if (codes === '') return '';
      return to.foreground === 0 && to.background === 0 ? reset : `\u001b[${codes.slice(1)}m`;
    }
    return hasStyles ? withUnderlines(from, to) : anyChange(from, to);
  };

  /** A style replaces the one before it, so only the plain attributes are left to compare. */
  function withUnderlines(from: Pen, to: Pen): string {
    const style = underlineOf(to);
    let before = from;
    let codes = '';
    if (style > 1 && style !== underlineOf(from)) {
      before = { ...from, attributes: from.attributes | attribute.underline };
      codes = `\u001b[4:${style}m`;
    } else if (style === 1 && underlineOf(from) > 1) codes = '\u001b[4m';
    const colour = depth === 'none' ? 0 : reduceColour(to.underlineColour, depth);
    const before58 = depth === 'none' ? 0 : reduceColour(from.underlineColour, depth);
    const plain = anyChange(before, to);
    // A reset, which is an empty first parameter, took both away.
    const isReset = /^\u001b\[(?:;|m)/.test(plain);
    if (isReset && style > 1) codes = `\u001b[4:${style}m`;
    if (colour !== (isReset ? 0 : before58)) codes += underlineColourCode(colour);
    return plain + codes;
  }

  function anyChange(from: Pen, to: Pen): string {
    const change = attributeChange(from.attributes, to.attributes);
    let codes = change.codes;
    if (from.foreground !== to.foreground) codes += foregroundCode(to.foreground);
    if (from.background !== to.background) codes += backgroundCode(to.background);
    if (codes === '') return '';
    if (change.fresh !== null) {
      let fresh = change.fresh;
      if (to.foreground !== 0) fresh += foregroundCode(to.foreground);
      if (to.background !== 0) fresh += backgroundCode(to.background);
      // An empty first parameter is 0: reset, then the rest.
      if (fresh.length < codes.length) return fresh === '' ? reset : `\u001b[${fresh}m`;
    }
    return `\u001b[${codes.slice(1)}m`;
  }
}

/** 0: none, 1: single, others as `underlineStyle` numbers them. */
function underlineOf({ attributes }: Pen): number {
  if ((attributes & attribute.underline) === 0) return 0;
  return (attributes & underlineStyle.mask) >> underlineStyle.shift || 1;
}

function underlineColourCode(colour: number): string {
  if (colour === 0) return '\u001b[59m';
  if (colour < rgbColour) return `\u001b[58:5:${colour & 0xff}m`;
  return `\u001b[58:2::${(colour >> 16) & 0xff}:${(colour >> 8) & 0xff}:${colour & 0xff}m`;
}

const reset = '\u001b[m';
const boldOrDim = attribute.bold | attribute.dim;

const attributeCodes: readonly [bit: number, on: string, off: string][] = [
  [attribute.bold, ';1', ';22'],
  [attribute.dim, ';2', ';22'],
  [attribute.italic, ';3', ';23'],
  [attribute.underline, ';4', ';24'],
  [attribute.blink, ';5', ';25'],
  [attribute.inverse, ';7', ';27'],
  [attribute.invisible, ';8', ';28'],
  [attribute.strikethrough, ';9', ';29'],
  [attribute.overline, ';53', ';55'],
];

interface AttributeChange {
  codes: string;
  /** All attributes anew, after a reset; null when none ends, since that is never shorter. */
  fresh: string | null;
}

const attributeChanges = new Map<number, AttributeChange>();

function attributeChange(styledFrom: number, styledTo: number): AttributeChange {
  const from = styledFrom & ~underlineStyle.mask;
  const to = styledTo & ~underlineStyle.mask;
  const key = (from << 16) | to;
  let change = attributeChanges.get(key);
  if (change === undefined) {
    change = computeChange(from, to);
    if (attributeChanges.size >= cachedChangesMax) attributeChanges.clear();
    attributeChanges.set(key, change);
  }
  return change;
}

function computeChange(from: number, to: number): AttributeChange {
  let added = to & ~from;
  const removed = from & ~to;
  let codes = '';
  // One code ends both bold and dim: the one that stays is switched on again.
  if (removed & boldOrDim) {
    codes += ';22';
    added |= to & boldOrDim;
  }
  for (const [bit, , off] of attributeCodes) if (removed & bit & ~boldOrDim) codes += off;
  for (const [bit, on] of attributeCodes) if (added & bit) codes += on;
  if (removed === 0) return { codes, fresh: null };
  let fresh = '';
  for (const [bit, on] of attributeCodes) if (to & bit) fresh += on;
  return { codes, fresh };
}

/** Programs use a few dozen; beyond this many the table starts again. */
const cachedChangesMax = 4096;

/** True colour pictures have many colours; beyond this many the table starts again. */
const cachedColoursMax = 4096;

function cachedColourCode(depth: ColourDepth, base: 30 | 40): (colour: number) => string {
  const cache = new Map<number, string>();
  return (colour) => {
    let code = cache.get(colour);
    if (code === undefined) {
      if (cache.size >= cachedColoursMax) cache.clear();
      code = depth === 'none' ? '' : colourCode(reduceColour(colour, depth), base);
      cache.set(colour, code);
    }
    return code;
  };
}

function colourCode(colour: number, base: 30 | 40): string {
  if (colour === 0) return `;${base + 9}`;
  if (colour >= rgbColour) return `;${base + 8};2;${(colour >> 16) & 0xff};${(colour >> 8) & 0xff};${colour & 0xff}`;
  const index = colour & 0xff;
  if (index < 8) return `;${base + index}`;
  if (index < 16) return `;${base + 60 + index - 8}`;
  return `;${base + 8};5;${index}`;
}
