import { z } from 'zod';
import { CellBuffer, type CellExtra, type CellLink } from '../domain/cells.ts';
import type { Still } from '../domain/screen-state.ts';

/** Of larger screens, and of those with more looks, there is no still: it would cost more than it saves. */
const cellsMax = 64 * 1024;
const looksMax = 1_024;

/** Foreground, background, attributes, colour of the underline, and the place of its link in `links`, -1 for none. */
const lookSchema = z.tuple([z.uint32(), z.uint32(), z.int().min(0).max(0xffff), z.uint32(), z.int().min(-1)]);

const stillSchema = z.object({
  cols: z.int().min(1).max(cellsMax),
  rows: z.int().min(1).max(cellsMax),
  cursor: z.object({
    x: z.int().min(0),
    y: z.int().min(0),
    isVisible: z.boolean(),
    shape: z.enum(['default', 'block', 'underline', 'bar']),
    isBlinking: z.boolean(),
  }),
  modes: z.object({
    applicationCursorKeys: z.boolean(),
    applicationKeypad: z.boolean(),
    bracketedPaste: z.boolean(),
    focusEvents: z.boolean(),
    mouse: z.enum(['none', 'x10', 'vt200', 'drag', 'any']),
    mouseEncoding: z.enum(['default', 'utf8', 'sgr', 'urxvt']),
    alternateScroll: z.boolean(),
    kittyKeyboard: z.int().min(0).max(31),
    modifyOtherKeys: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    alternateScreen: z.boolean(),
    synchronizedOutput: z.boolean(),
  }),
  looks: z.array(lookSchema).max(looksMax),
  /** Address and name. */
  links: z.array(z.tuple([z.string(), z.string()])),
  /**
   * Of each row, from its first cell on, text and place in `looks` in turn; what is left of it is blank. A text is characters of a
   * cell each, or a list of graphemes with their columns: `['漢', 2, '', 0]`.
   */
  lines: z.array(z.array(z.unknown())),
});

type Wire = z.infer<typeof stillSchema>;

/** Whether a screen of this size can be one. */
export function canBeStill(cols: number, rows: number): boolean {
  return cols * rows <= cellsMax;
}

/** The payload of a `still` frame, see `docs/reference/protocol.md`; null when its cells have more looks than it can have. */
export function encodeStill({ cells, cursor, modes }: Still): Buffer | null {
  const { cols, rows } = cells;
  const looks = new Looks();
  const lines: Wire['lines'] = [];
  for (let y = 0; y < rows; y++) {
    lines.push(lineOf(cells, y, looks));
    if (looks.all.length > looksMax) return null;
  }
  const wire: Wire = { cols, rows, cursor, modes, looks: looks.all, links: looks.links, lines };
  return Buffer.from(JSON.stringify(wire));
}

function lineOf(cells: CellBuffer, y: number, looks: Looks): unknown[] {
  const { cols, text, width } = cells;
  const start = y * cols;
  let end = start + cols;
  while (end > start && text[end - 1] === ' ' && width[end - 1] === 1 && looks.isPlain(cells, end - 1)) end--;
  const line: unknown[] = [];
  for (let at = start; at < end; ) {
    const look = looks.of(cells, at);
    const isSimple = hasOneCharacter(cells, at);
    const from = at;
    do at++;
    while (at < end && hasOneCharacter(cells, at) === isSimple && looks.of(cells, at) === look);
    const graphemes = text.slice(from, at);
    line.push(isSimple ? graphemes.join('') : graphemes.flatMap((each, n) => [each, width[from + n]!]), look);
  }
  return line;
}

function hasOneCharacter({ text, width }: CellBuffer, at: number): boolean {
  return width[at] === 1 && text[at]!.length === 1;
}

/** The different looks of cells, numbered as they come. */
class Looks {
  readonly all: Wire['looks'] = [];
  readonly links: Wire['links'] = [];
  readonly #numbers = new Map<string, number>();
  readonly #linkNumbers = new Map<CellLink, number>();

  isPlain({ foreground, background, attributes, extra }: CellBuffer, at: number): boolean {
    return foreground[at] === 0 && background[at] === 0 && attributes[at] === 0 && extra[at] === null;
  }

  of({ foreground, background, attributes, extra }: CellBuffer, at: number): number {
    const beside = extra[at] ?? null;
    const link = beside?.link ? this.#linkNumber(beside.link) : -1;
    const look: Wire['looks'][number] = [
      foreground[at]!,
      background[at]!,
      attributes[at]!,
      beside?.underlineColour ?? 0,
      link,
    ];
    const name = look.join(' ');
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.all.length);
    return this.all.push(look) - 1;
  }

  #linkNumber(link: CellLink): number {
    const known = this.#linkNumbers.get(link);
    if (known !== undefined) return known;
    this.#linkNumbers.set(link, this.links.length);
    return this.links.push([link.uri, link.id]) - 1;
  }
}

/** Null for what is none. */
export function decodeStill(payload: Uint8Array): Still | null {
  const wire = readWire(payload);
  if (wire === null || !canBeStill(wire.cols, wire.rows) || wire.lines.length !== wire.rows) return null;
  const { cols, rows, cursor, modes } = wire;
  if (cursor.x >= cols || cursor.y >= rows) return null;
  const links = wire.links.map(([uri, id]): CellLink => ({ uri, id }));
  const extras = wire.looks.map(([, , , underlineColour, link]): CellExtra | null =>
    underlineColour === 0 && link === -1 ? null : { underlineColour, link: links[link] ?? null },
  );
  const cells = new CellBuffer(cols, rows);
  for (const [y, line] of wire.lines.entries()) {
    let at = y * cols;
    for (let n = 0; n < line.length; n += 2) {
      const place = line[n + 1] as number;
      const look = wire.looks[place];
      const graphemes = graphemesOf(line[n]);
      if (look === undefined || graphemes === null || at + graphemes.length > (y + 1) * cols) return null;
      for (const [text, width] of graphemes) {
        cells.set(at, text, width, look[0], look[1], look[2], extras[place]);
        at += 1;
      }
    }
  }
  return { cells, cursor, modes };
}

function readWire(payload: Uint8Array): Wire | null {
  try {
    return stillSchema.safeParse(JSON.parse(Buffer.from(payload).toString())).data ?? null;
  } catch {
    return null;
  }
}

/** Of each cell, with its columns; null for what is none. */
function graphemesOf(text: unknown): [text: string, width: number][] | null {
  if (typeof text === 'string') return Array.from({ length: text.length }, (_, at) => [text.charAt(at), 1]);
  if (!Array.isArray(text) || text.length % 2 !== 0) return null;
  const graphemes: [string, number][] = [];
  for (let at = 0; at < text.length; at += 2) {
    const [grapheme, width] = [text[at], text[at + 1]];
    if (typeof grapheme !== 'string' || (width !== 0 && width !== 1 && width !== 2)) return null;
    graphemes.push([grapheme, width]);
  }
  return graphemes;
}
