import { attribute, type Decoration, rgbColour } from '../../domain/cells.ts';
import { type ColourDepth, reduceColour } from './colour-depth.ts';

/** What the next written character looks like, in the encoding of `CellBuffer`. */
export interface Pen {
  foreground: number;
  background: number;
  attributes: number;
  decoration: Decoration | null;
}

/** Gives the shortest SGR sequence from one pen to another for a terminal of `depth` colours; '' when they look the same. */
export function createSgr(depth: ColourDepth): (from: Pen, to: Pen) => string {
  const foregroundCode = cachedColourCode(depth, 30);
  const backgroundCode = cachedColourCode(depth, 40);
  // A terminal that has all colours is a new one, and nearly all of them draw underlines in styles and colours; others take `4:3`
  // for something else.
  const hasStyles = depth === 'truecolor';

  return (from, to) => {
    if (hasStyles && (hasOwnUnderline(from) || hasOwnUnderline(to))) return looksSame(from, to) ? '' : anew(to);
    if (from.attributes === 0 && to.attributes === 0) {
      let codes = '';
      if (from.foreground !== to.foreground) codes += foregroundCode(to.foreground);
      if (from.background !== to.background) codes += backgroundCode(to.background);
      if (codes === '') return '';
      return to.foreground === 0 && to.background === 0 ? reset : `\u001b[${codes.slice(1)}m`;
    }
    return anyChange(from, to);
  };

  /** Rare enough to be written whole. */
  function anew({ foreground, background, attributes, decoration }: Pen): string {
    let codes = '0';
    for (const [bit, on] of attributeCodes) if (attributes & bit) codes += on;
    if (decoration !== null && attributes & attribute.underline) {
      codes += `;4:${decoration.underlineStyle}`;
      if (decoration.underlineColour !== 0) codes += underlineColourCode(decoration.underlineColour);
    }
    if (foreground !== 0) codes += foregroundCode(foreground);
    if (background !== 0) codes += backgroundCode(background);
    return `\u001b[${codes}m`;
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

function hasOwnUnderline({ attributes, decoration }: Pen): boolean {
  if (decoration === null || (attributes & attribute.underline) === 0) return false;
  return decoration.underlineStyle > 1 || decoration.underlineColour !== 0;
}

function looksSame(a: Pen, b: Pen): boolean {
  return (
    a.foreground === b.foreground &&
    a.background === b.background &&
    a.attributes === b.attributes &&
    a.decoration?.underlineStyle === b.decoration?.underlineStyle &&
    a.decoration?.underlineColour === b.decoration?.underlineColour
  );
}

function underlineColourCode(colour: number): string {
  if (colour < rgbColour) return `;58:5:${colour & 0xff}`;
  return `;58:2::${(colour >> 16) & 0xff}:${(colour >> 8) & 0xff}:${colour & 0xff}`;
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

function attributeChange(from: number, to: number): AttributeChange {
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
