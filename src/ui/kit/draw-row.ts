import { attribute, type CellBuffer, paletteColour } from '../../domain/cells.ts';
import { drawText, type Look } from '../screen/draw-text.ts';
import { type Colour, colourNumbers, type Theme } from '../theme.ts';
import { widthOf } from './fit-text.ts';

/** Safe text on one line, in one look: a part of a row. */
export interface Piece {
  text: string;
  /** By default the terminal's own. */
  color?: Colour | undefined;
  bold?: boolean | undefined;
  underline?: boolean | undefined;
  inverse?: boolean | undefined;
  /** It gets the cells that the others leave; one of them does. */
  grows?: boolean;
}

/** Draws pieces side by side over the whole row `y`: what does not fit is cut, what is left over is blank. */
export function drawRow(target: CellBuffer, y: number, pieces: readonly Piece[], theme: Theme): void {
  const taken = pieces.reduce((sum, { text, grows }) => sum + (grows ? 0 : widthOf(text)), 0);
  let x = 0;
  for (const piece of pieces) {
    const room = target.cols - x;
    const cols = Math.min(room, piece.grows ? Math.max(0, target.cols - taken) : widthOf(piece.text));
    if (cols <= 0) continue;
    const look = lookOf(piece, theme);
    drawText({ target, x, y, cols }, piece.text, () => look);
    x += cols;
  }
  if (x < target.cols) drawText({ target, x, y, cols: target.cols - x }, '', () => plain);
}

const plain: Look = { foreground: 0, background: 0, attributes: 0 };

function lookOf({ color, bold, underline, inverse }: Piece, { colours }: Theme): Look {
  const number = color === undefined ? null : colourNumbers[color];
  return {
    foreground: number === null ? 0 : (colours[number] ?? paletteColour | number),
    background: 0,
    attributes: (bold ? attribute.bold : 0) | (underline ? attribute.underline : 0) | (inverse ? attribute.inverse : 0),
  };
}
