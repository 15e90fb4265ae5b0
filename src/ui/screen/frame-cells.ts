import { attribute, type CellBuffer, paletteColour, rgbColour } from '../../domain/cells.ts';
import { type Theme, themes } from '../theme.ts';
import { fillArea } from './cell-area.ts';
import { graphemeWidth } from './grapheme-width.ts';
import { type Pen, plainPen } from './sgr.ts';

/**
 * Draws a frame of Ink (lines with SGR, each of which ends its own) into `target`; what does not fit is cut. Widths are
 * measured as Ink measures them, so borders stand where Ink's layout put them. Sequences other than SGR are dropped.
 * Colours are those of the theme. `drawn`: the frame that `target` holds, by default none.
 */
export function drawFrame(
  frame: string,
  target: CellBuffer,
  theme: Theme = themes.terminal,
  drawn: string | null = null,
): void {
  const lines = frame.split('\n');
  const before = drawn?.split('\n');
  for (let y = 0; y < target.rows; y++) {
    const line = lines[y] ?? '';
    if (before === undefined || line !== (before[y] ?? '')) drawLine(line, target, y, theme);
  }
}

function drawLine(line: string, target: CellBuffer, y: number, theme: Theme): void {
  fillArea(target, { x: 0, y, width: target.cols, height: 1 }, ' ');
  const pen: Pen = { ...plainPen };
  let shown: Pen = pen;
  let x = 0;
  let at = 0;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (code === 0x1b) {
      at = skipSequence(line, at, pen);
      shown = themed(pen, theme);
    } else if (code >= 0x20 && code < 0x7f && !(line.charCodeAt(at + 1) >= firstCombining)) {
      put(line[at], 1);
      at++;
    } else {
      const end = endOfText(line, at);
      for (const { segment } of graphemes.segment(line.slice(at, end))) {
        const width = graphemeWidth(segment);
        if (width > 0) put(segment, width);
      }
      at = end;
    }
  }

  function put(text: string, width: number): void {
    const index = y * target.cols + x;
    if (x + Math.min(width, 2) <= target.cols) {
      target.set(index, text, Math.min(width, 2), shown.foreground, shown.background, shown.attributes);
      if (width >= 2) target.set(index + 1, '', 0, shown.foreground, shown.background, shown.attributes);
    }
    x += width;
  }
}

function themed(pen: Pen, { colours }: Theme): Pen {
  const shown = (colour: number) => (colour >= rgbColour ? colour : (colours[colour - paletteColour] ?? colour));
  return { ...pen, foreground: shown(pen.foreground), background: shown(pen.background) };
}

/** Code units below this never join the character before them. */
const firstCombining = 0x300;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function endOfText(line: string, start: number): number {
  let end = start + 1;
  while (end < line.length && line.charCodeAt(end) !== 0x1b) end++;
  return end;
}

/** The index after the escape sequence at `start`; an SGR is applied to `pen`. */
function skipSequence(line: string, start: number, pen: Pen): number {
  const kind = line[start + 1];
  if (kind === '[') {
    let end = start + 2;
    while (end < line.length && !(line.charCodeAt(end) >= 0x40 && line.charCodeAt(end) <= 0x7e)) end++;
    if (line[end] === 'm') applySgr(line.slice(start + 2, end), pen);
    return end + 1;
  }
  if (kind === ']') {
    stringEnd.lastIndex = start;
    return stringEnd.test(line) ? stringEnd.lastIndex : line.length;
  }
  return start + 2;
}

const stringEnd = /\u0007|\u001b\\|\u009c/g;

function applySgr(parameters: string, pen: Pen): void {
  const codes = parameters.split(';').map(Number);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index];
    if (code === 38 || code === 48) {
      const isIndexed = codes[index + 1] === 5;
      const colour = isIndexed
        ? paletteColour | (codes[index + 2] & 0xff)
        : rgbColour | (codes[index + 2] << 16) | (codes[index + 3] << 8) | codes[index + 4];
      if (code === 38) pen.foreground = colour;
      else pen.background = colour;
      index += isIndexed ? 2 : 4;
    } else {
      applyCode(code, pen);
    }
  }
}

function applyCode(code: number, pen: Pen): void {
  if (code === 0) Object.assign(pen, plainPen);
  else if (code === 39) pen.foreground = 0;
  else if (code === 49) pen.background = 0;
  else if (code >= 30 && code <= 37) pen.foreground = paletteColour | (code - 30);
  else if (code >= 40 && code <= 47) pen.background = paletteColour | (code - 40);
  else if (code >= 90 && code <= 97) pen.foreground = paletteColour | (code - 82);
  else if (code >= 100 && code <= 107) pen.background = paletteColour | (code - 92);
  else if (Object.hasOwn(switchedOn, code)) pen.attributes |= switchedOn[code];
  else if (Object.hasOwn(switchedOff, code)) pen.attributes &= ~switchedOff[code];
}

const switchedOn: Record<number, number> = {
  1: attribute.bold,
  2: attribute.dim,
  3: attribute.italic,
  4: attribute.underline,
  5: attribute.blink,
  7: attribute.inverse,
  8: attribute.invisible,
  9: attribute.strikethrough,
  53: attribute.overline,
};

const switchedOff: Record<number, number> = {
  22: attribute.bold | attribute.dim,
  23: attribute.italic,
  24: attribute.underline,
  25: attribute.blink,
  27: attribute.inverse,
  28: attribute.invisible,
  29: attribute.strikethrough,
  55: attribute.overline,
};
