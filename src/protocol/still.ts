import { z } from 'zod';
import { CellBuffer, type CellExtra, type CellLink } from '../domain/cells.ts';
import type { Still } from '../domain/screen-state.ts';

const cellsMax = 1024 * 1024;

const headSchema = z.object({
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
  wrapped: z.array(z.int().min(0)),
  /** `extras[0]` is what cells with the number 1 have; `link`: its place in `links`. */
  extras: z.array(z.object({ underlineColour: z.int().min(0), link: z.int().min(0).nullable() })),
  links: z.array(z.object({ uri: z.string(), id: z.string() })),
});

/** No grapheme has it. */
const between = '\0';

/** The payload of a `still` frame, see `docs/reference/protocol.md`. */
export function encodeStill({ cells, cursor, modes, wrapped }: Still): Buffer {
  const { cols, rows, text, width, foreground, background, attributes } = cells;
  const links = new Map<CellLink, number>();
  const extras = new Map<CellExtra, number>();
  const numbers = new Uint32Array(cols * rows);
  for (const [at, extra] of cells.extra.entries()) if (extra !== null) numbers[at] = numberOf(extras, extra) + 1;
  const head: z.infer<typeof headSchema> = {
    ...{ cols, rows, cursor, modes, wrapped: [...wrapped] },
    extras: [...extras.keys()].map(({ underlineColour, link }) => ({
      underlineColour,
      link: link && numberOf(links, link),
    })),
    links: [],
  };
  head.links = [...links.keys()];
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const parts = [foreground, background, numbers, attributes, width].map((numbers) => new Uint8Array(numbers.buffer));
  return Buffer.concat([length, json, ...parts, Buffer.from(text.join(between))]);
}

/** Null for what is none. */
export function decodeStill(payload: Uint8Array): Still | null {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const numbersAt = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt32BE(0);
  if (numbersAt > bytes.length) return null;
  const head = headOf(bytes.toString('utf8', 4, numbersAt));
  if (head === null) return null;
  const { cols, rows, cursor, modes, wrapped } = head;
  const size = cols * rows;
  const textAt = numbersAt + size * (4 + 4 + 4 + 2 + 1);
  if (size > cellsMax || textAt > bytes.length || cursor.x >= cols || cursor.y >= rows) return null;
  const text = bytes.toString('utf8', textAt).split(between);
  if (text.length !== size) return null;
  const cells = new CellBuffer(cols, rows);
  const numbers = new Uint32Array(size);
  let at = numbersAt;
  for (const target of [cells.foreground, cells.background, numbers, cells.attributes, cells.width]) {
    new Uint8Array(target.buffer).set(bytes.subarray(at, at + target.byteLength));
    at += target.byteLength;
  }
  const extras = head.extras.map(({ underlineColour, link }) => ({
    underlineColour,
    link: link === null ? null : (head.links[link] ?? null),
  }));
  for (let cell = 0; cell < size; cell++) {
    cells.text[cell] = text[cell]!;
    const number = numbers[cell]!;
    if (number > 0) cells.extra[cell] = extras[number - 1] ?? null;
  }
  return { cells, cursor, modes, wrapped };
}

function headOf(json: string) {
  try {
    return headSchema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

function numberOf<T>(numbers: Map<T, number>, item: T): number {
  const number = numbers.get(item) ?? numbers.size;
  numbers.set(item, number);
  return number;
}
