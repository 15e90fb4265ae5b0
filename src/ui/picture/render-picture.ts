import { attribute, type CellBuffer, rgbColour, underlineStyle } from '../../domain/cells.ts';
import { paletteRgb } from '../../domain/palette.ts';
import { hasSureWidth } from '../screen/sure-width.ts';
import { cellHeight, cellWidth, drawnCharacter } from './drawn-characters.ts';
import { darkPicture, type PictureTheme } from './picture-theme.ts';

const fontSize = 15;
/** From the top of a cell to the line that letters stand on. */
const baseline = 14;
const margin = 10;
const fonts =
  "ui-monospace,'JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,'Noto Sans Mono CJK JP','Noto Color Emoji',monospace";

/**
 * An SVG picture of `buffer`. Every character has its own place, so columns stand whatever font the viewer has. `title` is
 * for whoever cannot see it.
 */
export function renderPicture(buffer: CellBuffer, options: { theme?: PictureTheme; title?: string } = {}): string {
  const theme = options.theme ?? darkPicture;
  const width = buffer.cols * cellWidth + 2 * margin;
  const height = buffer.rows * cellHeight + 2 * margin;
  const rows = Array.from({ length: buffer.rows }, (_, y) => renderRow(buffer, y, theme)).join('\n');
  const title = options.title === undefined ? '' : `\n<title>${escaped(options.title)}</title>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${title}
<rect width="100%" height="100%" rx="8" fill="${theme.background}"/>
<g transform="translate(${margin} ${margin})" font-family="${fonts}" font-size="${fontSize}">
${rows}
</g>
</svg>
`;
}

interface Look {
  colour: string;
  underlineColour: string;
  background: string | null;
  attributes: number;
}

function renderRow(buffer: CellBuffer, y: number, theme: PictureTheme): string {
  let below = '';
  let spans = '';
  let above = '';
  const top = y * cellHeight;
  for (let x = 0; x < buffer.cols; ) {
    const look = lookOf(buffer, y * buffer.cols + x, theme);
    let word = '';
    let places = '';
    const start = x;
    // Some viewers only look at the first place of a span: no span goes beyond a blank, so none can drift far.
    const endWord = () => {
      if (word !== '') spans += span(word, places.slice(1), top, look);
      word = '';
      places = '';
    };
    do {
      const index = y * buffer.cols + x;
      const cell = buffer.text[index];
      const left = x * cellWidth;
      x += Math.max(1, buffer.width[index]);
      const isBlank = cell.trim() === '' || (look.attributes & attribute.invisible) !== 0;
      const drawn = isBlank ? '' : drawnCharacter(cell, left, top, look.colour);
      if (drawn === null && hasSureWidth(cell)) {
        word += cell;
        places += ` ${left}`;
      } else {
        endWord();
        if (drawn === null) spans += span(cell, String(left), top, look);
        else above += drawn;
      }
    } while (x < buffer.cols && sameLook(look, lookOf(buffer, y * buffer.cols + x, theme)));
    if (look.background !== null) below += bar(start, x, top, cellHeight, look.background);
    endWord();
    if (look.attributes & attribute.underline) above += underline(start, x, top + baseline + 2, look);
    if (look.attributes & attribute.strikethrough) above += bar(start, x, top + 9, 1, look.colour);
    if (look.attributes & attribute.overline) above += bar(start, x, top, 1, look.colour);
  }
  return below + (spans === '' ? '' : `<text>${spans}</text>`) + above;
}

function span(text: string, places: string, top: number, look: Look): string {
  let style = ` fill="${look.colour}"`;
  if (look.attributes & attribute.bold) style += ' font-weight="700"';
  if (look.attributes & attribute.italic) style += ' font-style="italic"';
  return `<tspan x="${places}" y="${top + baseline}"${style}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>\u0000-\u001f]/g, (character) => entities[character] ?? '\u{fffd}');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function bar(from: number, to: number, top: number, height: number, colour: string): string {
  return `<rect x="${from * cellWidth}" y="${top}" width="${(to - from) * cellWidth}" height="${height}" fill="${colour}"/>`;
}

/** Curly lines are drawn as close dots: a picture is small. */
const dashes: Record<number, string> = {
  [underlineStyle.curly]: '2 1',
  [underlineStyle.dotted]: '1 2',
  [underlineStyle.dashed]: '4 2',
};

function underline(from: number, to: number, top: number, { attributes, underlineColour }: Look): string {
  const style = attributes & underlineStyle.mask;
  const dash = dashes[style];
  if (dash === undefined) {
    const second = style === underlineStyle.double ? bar(from, to, top + 2, 1, underlineColour) : '';
    return bar(from, to, top, 1, underlineColour) + second;
  }
  const path = `M${from * cellWidth} ${top + 0.5}H${to * cellWidth}`;
  return `<path d="${path}" stroke="${underlineColour}" stroke-dasharray="${dash}"/>`;
}

function lookOf(buffer: CellBuffer, index: number, theme: PictureTheme): Look {
  const attributes = buffer.attributes[index];
  let colour = rgb(buffer.foreground[index], theme) ?? theme.foreground;
  let background = rgb(buffer.background[index], theme);
  if (attributes & attribute.inverse) [colour, background] = [background ?? theme.background, colour];
  if (attributes & attribute.dim) colour = mixed(colour, background ?? theme.background);
  const underlineColour = rgb(buffer.extra[index]?.underlineColour ?? 0, theme) ?? colour;
  return {
    colour,
    underlineColour,
    background,
    attributes: attributes & ~(attribute.inverse | attribute.dim | attribute.blink),
  };
}

function sameLook(a: Look, b: Look): boolean {
  return (
    a.colour === b.colour &&
    a.underlineColour === b.underlineColour &&
    a.background === b.background &&
    a.attributes === b.attributes
  );
}

function rgb(colour: number, theme: PictureTheme): string | null {
  if (colour === 0) return null;
  if (colour >= rgbColour) return hex(colour & 0xffffff);
  const index = colour & 0xff;
  return index < 16 ? theme.palette[index] : hex(paletteRgb(index));
}

/** Half way from `colour` to `ground`, a little nearer to the colour. */
function mixed(colour: string, ground: string): string {
  const channel = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(channel(colour, at) * 0.58 + channel(ground, at) * 0.42));
  return hex((parts[0] << 16) | (parts[1] << 8) | parts[2]);
}

function hex(value: number): string {
  return `#${value.toString(16).padStart(6, '0')}`;
}
