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

/** What few cells have beside colours and attributes. Two that look the same are mostly the same object. */
export interface Decoration {
  /** Of an underlined cell: 1 single, 2 double, 3 curly, 4 dotted, 5 dashed. */
  readonly underlineStyle: number;
  /** Of an underlined cell; 0 is that of the text. */
  readonly underlineColour: number;
  /** Where a click leads: an address that may be shown to a terminal; '' for nowhere. */
  readonly link: string;
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
  readonly decoration: (Decoration | null)[];

  constructor(cols: number, rows: number) {
    this.cols = cols;
    this.rows = rows;
    const size = cols * rows;
    this.text = new Array<string>(size).fill(' ');
    this.width = new Uint8Array(size).fill(1);
    this.foreground = new Uint32Array(size);
    this.background = new Uint32Array(size);
    this.attributes = new Uint16Array(size);
    this.decoration = new Array<Decoration | null>(size).fill(null);
  }

  /** A cell without decoration. */
  set(index: number, text: string, width: number, foreground: number, background: number, attributes: number): void {
    this.text[index] = text;
    this.width[index] = width;
    this.foreground[index] = foreground;
    this.background[index] = background;
    this.attributes[index] = attributes;
    this.decoration[index] = null;
  }

  /** Blank cells everywhere. */
  clear(): void {
    this.text.fill(' ');
    this.width.fill(1);
    this.foreground.fill(0);
    this.background.fill(0);
    this.attributes.fill(0);
    this.decoration.fill(null);
  }

  /** The row as text, without trailing spaces. */
  rowText(y: number): string {
    return this.text
      .slice(y * this.cols, (y + 1) * this.cols)
      .join('')
      .trimEnd();
  }
}
