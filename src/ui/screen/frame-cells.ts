import { attribute, type CellBuffer, paletteColour, rgbColour } from '../../domain/cells.ts';
import { type Theme, themes } from '../theme.ts';
import { fillArea } from './cell-area.ts';
import { graphemeWidth } from './grapheme-width.ts';
import { type Pen, plainPen } from './sgr.ts';

/**
 * Draws a frame of Ink (lines with SGR) into `target`, which is cleared first; what does not fit is cut. Widths are
 * measured as Ink measures them, so borders stand where Ink's layout put them. Sequences other than SGR are dropped.
 * Colours are those of the theme.
 */
export function drawFrame(frame: string, target: CellBuffer, theme: Theme = themes.terminal): void {
  fillArea(target, { x: 0, y: 0, width: target.cols, height: target.rows }, ' ');
  const pen: Pen = { ...plainPen };
  let shown: Pen = pen;
  let y = 0;
  let x = 0;
  let at = 0;
  while (at < frame.length && y < target.rows) {
    const code = frame.charCodeAt(at);
    if (code === 0x0a) {
      y++;
      x = 0;
      at++;
    } else if (code === 0x1b) {
      at = skipSequence(frame, at, pen);
      shown = themed(pen, theme);
    } else if (code >= 0x20 && code < 0x7f && !(frame.charCodeAt(at + 1) >= firstCombining)) {
      put(frame[at], 1);
      at++;
    } else {
      const end = endOfText(frame, at);
      for (const { segment } of graphemes.segment(frame.slice(at, end))) {
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

function endOfText(frame: string, start: number): number {
  let end = start + 1;
  while (end < frame.length && frame.charCodeAt(end) !== 0x0a && frame.charCodeAt(end) !== 0x1b) end++;
  return end;
}

/** The index after the escape sequence at `start`; an SGR is applied to `pen`. */
function skipSequence(frame: string, start: number, pen: Pen): number {
  const kind = frame[start + 1];
  if (kind === '[') {
    let end = start + 2;
    while (end < frame.length && !(frame.charCodeAt(end) >= 0x40 && frame.charCodeAt(end) <= 0x7e)) end++;
    if (frame[end] === 'm') applySgr(frame.slice(start + 2, end), pen);
    return end + 1;
  }
  if (kind === ']') {
    stringEnd.lastIndex = start;
    return stringEnd.test(frame) ? stringEnd.lastIndex : frame.length;
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
