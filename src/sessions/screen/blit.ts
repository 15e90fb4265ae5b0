import type { IBuffer, Terminal } from '@xterm/headless';
import { attribute, type CellBuffer, type Decoration, paletteColour, rgbColour } from '../../domain/cells.ts';
import { decorationOf, dropMisleadingLinks, safeLink } from './decorations.ts';
import { type CellNumbers, cellMask, linkAddress, rawLine } from './internals.ts';

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
  blitBuffer(terminal, active, target, left, top, Math.min(width, terminal.cols), rows, active.baseY + firstRow);
}

/** The same of one of the terminal's two screens, from line `firstLine` of its buffer on; by default the visible rows. */
export function blitBuffer(
  terminal: Terminal,
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
    const { _data: data, _combined: combined } = line;
    const cells = Math.min(cols, data.length / 3);
    const start = (top + y) * target.cols + left;
    let hasLinks = false;
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
      if (background & cellMask.hasExtended) {
        const { _ext: extended = 0, _urlId: link = 0 } = line._extendedAttrs[x] ?? {};
        target.decoration[start + x] = decorationFrom(terminal, foreground, extended, link);
        hasLinks ||= link !== 0;
      }
    }
    if (hasLinks) dropMisleadingLinks(target, start, start + cells);
  }
}

function decorationFrom(terminal: Terminal, foreground: number, extended: number, linkId: number): Decoration | null {
  const link = linkId === 0 ? '' : safeLink(linkAddress(terminal, linkId));
  if ((foreground & cellMask.underline) === 0) return decorationOf(0, 0, link);
  const style = (extended & cellMask.underlineStyle) >>> cellMask.underlineStyleShift;
  const colour = extended & cellMask.underlineColour;
  // SGR 59 sets all bits of the colour; an underline that was asked to be white then has the colour of its text, too.
  return decorationOf(style, colour === cellMask.underlineColour ? 0 : colourOf(colour), link);
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

/** What the emulator keeps of a cell's look, as a `CellBuffer` has it. */
export function styleOf(terminal: Terminal, { foreground, background, extended, linkId }: CellNumbers) {
  return {
    foreground: colourOf(foreground),
    background: colourOf(background),
    attributes: attributesOf(foreground, background),
    decoration: decorationFrom(terminal, foreground, extended, linkId),
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
