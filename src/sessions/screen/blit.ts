import type { IBuffer, Terminal } from '@xterm/headless';
import {
  attribute,
  type CellBuffer,
  type CellExtra,
  paletteColour,
  rgbColour,
  underlineStyle,
} from '../../domain/cells.ts';
import { cellMask, type ExtendedAttributes, linkOf, rawLine } from './internals.ts';

/** Copies the visible screen from `firstRow` on into `target` at `left`, `top`, clipped to `width` x `height`. */
export function blitScreen(
  terminal: Terminal,
  target: CellBuffer,
  left: number,
  top: number,
  width: number,
  height: number,
  firstRow = 0,
): void {
  const { active } = terminal.buffer;
  const rows = Math.min(height, terminal.rows - firstRow);
  blitBuffer(active, target, left, top, Math.min(width, terminal.cols), rows, active.baseY + firstRow);
}

/** The same of one of the terminal's two screens, from line `firstLine` of its buffer on; by default the visible rows. */
export function blitBuffer(
  buffer: IBuffer,
  target: CellBuffer,
  left: number,
  top: number,
  width: number,
  height: number,
  firstLine = buffer.baseY,
): void {
  const cols = Math.min(width, target.cols - left);
  const rows = Math.min(height, target.rows - top);
  for (let y = 0; y < rows; y++) {
    const line = rawLine(buffer, firstLine + y);
    if (!line) continue;
    const { _data: data, _combined: combined, _extendedAttrs: extended } = line;
    const cells = Math.min(cols, data.length / 3);
    const start = (top + y) * target.cols + left;
    for (let x = 0; x < cells; x++) {
      const content = data[x * 3] ?? 0;
      const foreground = data[x * 3 + 1] ?? 0;
      const background = data[x * 3 + 2] ?? 0;
      const cellWidth = content >>> cellMask.widthShift;
      const codePoint = content & cellMask.codePoint;
      const isCut = cellWidth === 2 && x === cells - 1;
      const text =
        cellWidth === 0
          ? ''
          : isCut
            ? ' '
            : content & cellMask.isCombined
              ? (combined[x] ?? ' ')
              : codePoint === 0
                ? ' '
                : characterOf(codePoint);
      target.set(
        start + x,
        text,
        isCut ? 1 : cellWidth,
        colourOf(foreground),
        colourOf(background),
        attributesOf(foreground, background),
      );
      if (background & cellMask.hasExtended) addExtended(target, start + x, extended[x]);
    }
  }
}

function addExtended(target: CellBuffer, at: number, extended: ExtendedAttributes | undefined): void {
  if (extended === undefined) return;
  const isUnderlined = ((target.attributes[at] ?? 0) & attribute.underline) !== 0;
  if (isUnderlined) target.attributes[at] = (target.attributes[at] ?? 0) | underlineStyleOf(extended);
  target.extra[at] = extraOf(extended, isUnderlined);
}

/** Of a single line 0, as of none. */
export function underlineStyleOf({ _ext: bits }: ExtendedAttributes): number {
  const style = (bits >>> cellMask.underlineStyleShift) & 7;
  return style > 1 && style <= 5 ? style << underlineStyle.shift : 0;
}

/** The emulator shares these among cells that were written in one go, and never changes one. */
const extras = new WeakMap<ExtendedAttributes, { underlined: CellExtra | null; other: CellExtra | null }>();

function extraOf(extended: ExtendedAttributes, isUnderlined: boolean): CellExtra | null {
  let both = extras.get(extended);
  if (both === undefined) {
    const link = linkOf(extended);
    const underlineColour = underlineColourOf(extended);
    const other = link === null ? null : { underlineColour: 0, link };
    both = { underlined: underlineColour === 0 ? other : { underlineColour, link }, other };
    extras.set(extended, both);
  }
  return isUnderlined ? both.underlined : both.other;
}

/** White is what the emulator keeps when the colour is taken back (SGR 59): it counts as none. */
export function underlineColourOf({ _ext: bits }: ExtendedAttributes): number {
  const colour = bits & (cellMask.colourMode | 0xffffff);
  return colour === cellMask.noUnderlineColour ? 0 : colourOf(colour);
}

/** ASCII is nearly all there is: its strings are made once. */
const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

function characterOf(codePoint: number): string {
  return ascii[codePoint] ?? String.fromCodePoint(codePoint);
}

function colourOf(value: number): number {
  switch (value & cellMask.colourMode) {
    case cellMask.rgb:
      return rgbColour | (value & 0xffffff);
    case 0:
      return 0;
    default:
      // Of a palette colour only the low byte counts; the bits above may be left from another colour.
      return paletteColour | (value & 0xff);
  }
}

/** The two numbers that the emulator keeps of a cell's look, as those of a `CellBuffer`. */
export function styleOf(foreground: number, background: number) {
  return {
    foreground: colourOf(foreground),
    background: colourOf(background),
    attributes: attributesOf(foreground, background),
  };
}

const foregroundBits = attributesBySix([
  [cellMask.bold, attribute.bold],
  [cellMask.underline, attribute.underline],
  [cellMask.blink, attribute.blink],
  [cellMask.inverse, attribute.inverse],
  [cellMask.invisible, attribute.invisible],
  [cellMask.strikethrough, attribute.strikethrough],
]);
const backgroundBits = attributesBySix([
  [cellMask.italic, attribute.italic],
  [cellMask.dim, attribute.dim],
  [cellMask.overline, attribute.overline],
]);

/** The attributes for each value of the six bits above the colour. */
function attributesBySix(bits: readonly [mask: number, bit: number][]): Uint16Array {
  return Uint16Array.from({ length: 64 }, (_, six) =>
    bits.reduce((sum, [mask, bit]) => ((mask >>> 26) & six ? sum | bit : sum), 0),
  );
}

function attributesOf(foreground: number, background: number): number {
  return (foregroundBits[foreground >>> 26] as number) | (backgroundBits[background >>> 26] as number);
}
