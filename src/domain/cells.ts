/**
 * A rectangle of terminal cells in flat arrays: what an emulator shows, what the compositor draws, what a picture is made of.
 * Colours: 0 is the terminal's default, `paletteColour | index` one of 256, `rgbColour | 0xRRGGBB` true colour.
 */
export const paletteColour = 0x1000000;
export const rgbColour = 0x2000000;

export const attribute = {
  bold: 1,
  dim: 2,
  italic: 4,
  underline: 8,
  blink: 16,
  inverse: 32,
  invisible: 64,
  strikethrough: 128,
  overline: 256,
} as const;

/** Beside the underline bit, in three bits of the attributes: how the line is drawn. 0 and 1: a single line. */
export const underlineStyle = {
  shift: 9,
  mask: 7 << 9,
  double: 2 << 9,
  curly: 3 << 9,
  dotted: 4 << 9,
  dashed: 5 << 9,
} as const;

/** What few cells have. Never changed once it is made, so cells share it. */
export interface CellExtra {
  /** As the other colours; 0: that of the text. */
  readonly underlineColour: number;
  readonly link: CellLink | null;
}

/** Two cells belong to one link when they hold the same object. */
export interface CellLink {
  readonly uri: string;
  /** What the program calls it; '' when it has no name. */
  readonly id: string;
}

/** Whether they look the same. Links without a name that lead to the same place count as one. */
export function sameExtra(a: CellExtra | null, b: CellExtra | null): boolean {
  if (a === b) return true;
  return (a?.underlineColour ?? 0) === (b?.underlineColour ?? 0) && sameLink(a?.link ?? null, b?.link ?? null);
}

function sameLink(a: CellLink | null, b: CellLink | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.uri === b.uri && a.id === '' && b.id === '';
}

export class CellBuffer {
  readonly cols: number;
  readonly rows: number;
  /** The grapheme of each cell; ' ' for an empty one, '' for the right half of a wide one. */
  readonly text: string[];
  /** Columns it takes: 1, 2, or 0 for the right half of a wide one. */
  readonly width: Uint8Array;
  readonly foreground: Uint32Array;
  readonly background: Uint32Array;
  readonly attributes: Uint16Array;
  readonly extra: (CellExtra | null)[];

  constructor(cols: number, rows: number) {
    this.cols = cols;
    this.rows = rows;
    const size = cols * rows;
    this.text = new Array<string>(size).fill(' ');
    this.width = new Uint8Array(size).fill(1);
    this.foreground = new Uint32Array(size);
    this.background = new Uint32Array(size);
    this.attributes = new Uint16Array(size);
    this.extra = new Array<CellExtra | null>(size).fill(null);
  }

  set(
    index: number,
    text: string,
    width: number,
    foreground: number,
    background: number,
    attributes: number,
    extra: CellExtra | null = null,
  ): void {
    this.text[index] = text;
    this.width[index] = width;
    this.foreground[index] = foreground;
    this.background[index] = background;
    this.attributes[index] = attributes;
    this.extra[index] = extra;
  }

  /** Blank cells everywhere. */
  clear(): void {
    this.text.fill(' ');
    this.width.fill(1);
    this.foreground.fill(0);
    this.background.fill(0);
    this.attributes.fill(0);
    this.extra.fill(null);
  }

  /** The row as text, without trailing spaces. */
  rowText(y: number): string {
    return this.text
      .slice(y * this.cols, (y + 1) * this.cols)
      .join('')
      .trimEnd();
  }
}
