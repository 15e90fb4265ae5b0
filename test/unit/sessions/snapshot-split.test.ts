import { expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { repairWideCells } from '../../../src/ui/screen/cell-area.ts';
import { seededRandom } from '../../support/random.ts';

const cols = 22;
const rows = 9;

type Random = { below(n: number): number; of(choices: readonly string[]): string };

const words = ['hello ', 'x', '漢字', '🎉', '👩‍👩‍👧', '❤️', '🇫🇷', 'e\u0301', '1️⃣', '한', 'שלום', '🫠', 'a\u200bb'];

/** What programs write, by kind. Each stream is made of text, moves and colours, and of one or two other kinds. */
const kinds = {
  text: ({ of }) => of(words) + of(words),
  ends: ({ of }) => of(['\r\n', '\n', '\r', '\b', '\x1bD', '\x1bM', '\x1bE']),
  moves: ({ below, of }) => `\x1b[${below(4)}${of(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'd'])}`,
  places: ({ below }) => `\x1b[${1 + below(rows)};${1 + below(cols)}H`,
  colours: ({ of }) => `\x1b[${of(['', '1', '3', '4', '7', '9', '53', '31', '105', '38;5;200', '48;2;9;8;7', '49'])}m`,
  underlines: ({ of }) => `\x1b[${of(['4:0', '4:2', '4:3', '4:4', '4:5', '58:2::1:2:3', '58;5;77', '59', '21'])}m`,
  links: ({ of }) => `\x1b]8;${of([';http://a.b/c', 'id=1;https://x.y', 'id=1;file:///z', ';', ';'])}\x1b\\`,
  erasing: ({ of }) => `\x1b[${of(['J', '1J', '2J', 'K', '1K', '2K', '3X'])}`,
  editing: ({ below, of }) => `\x1b[${below(4)}${of(['@', 'P', 'L', 'M', 'S', 'T', 'b'])}`,
  regions: ({ of }) => `\x1b[${of(['2;6', '1;4', '3;8', ''])}r\x1b[?6${of(['h', 'l'])}`,
  saving: ({ of }) => of(['\x1b7', '\x1b8', '\x1b[s', '\x1b[u', '\x1b[?1048h', '\x1b[?1048l']),
  screens: ({ of }) => `\x1b[?${of(['1049', '1047', '47'])}${of(['h', 'l'])}`,
  charsets: ({ of }) => of(['\x1b(0', '\x1b(B', '\x1b)0', '\x1b(A', '\x1b*0', '\x0e', '\x0f', '\x1bn', 'lqk']),
  tabs: ({ of }) => of(['\x1bH', '\x1b[g', '\x1b[3g', '\t', '\t', '\x1b[2Z']),
  modes: ({ of }) => `\x1b[${of(['?1', '?25', '?45', '?1003', '?1004', '?1006', '?2004', '20'])}${of(['h', 'l'])}`,
  resets: ({ of }) => of(['\x1b[!p', '\x1bc', '\x1b=', '\x1b>', '\x1b[5 q', '\x1b#8']),
} satisfies Record<string, (random: Random) => string>;

const ordinary = ['moves', 'places', 'colours'] as const;

const mixes: (keyof typeof kinds)[][] = [
  ['ends', 'editing'],
  ['underlines', 'erasing'],
  ['links', 'editing'],
  ['regions', 'editing'],
  ['saving', 'screens'],
  ['saving', 'charsets'],
  ['charsets', 'screens'],
  ['tabs', 'ends'],
  ['tabs', 'regions'],
  ['modes', 'ends'],
  ['resets', 'saving'],
  ['resets', 'charsets'],
];

/** More with FORGE_FUZZ_SEEDS=20000. */
const seeds = Number(process.env.FORGE_FUZZ_SEEDS ?? 40);

test.each(mixes)(
  'what follows a snapshot comes out as without one: %s and %s',
  (...mix) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { bytes, at } = stream(seed, mix);
      const before = written(bytes.subarray(0, at));
      const start = Buffer.concat([Buffer.from(snapshot(before)), before.unfinished]);
      const [joined, whole] = [written(start, bytes.subarray(at)), written(bytes)];
      expect(state(joined), `seed ${seed}, split at ${at} of ${JSON.stringify(bytes.toString())}`).toEqual(
        state(whole),
      );
      for (const emulator of [before, joined, whole]) emulator.dispose();
    }
  },
  1_000 + seeds * 200,
);

function stream(seed: number, mix: (keyof typeof kinds)[]) {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const source: Random = { below, of: (choices) => choices[below(choices.length)] ?? '' };
  const names = [...ordinary, ...mix, ...mix];
  let text = '';
  for (let piece = 0; piece < 24; piece++) {
    text += random() < 0.45 ? kinds.text(source) : kinds[names[below(names.length)] ?? 'text'](source);
  }
  const bytes = Buffer.from(text);
  return { bytes, at: below(bytes.length + 1) };
}

function written(...chunks: Uint8Array[]): Emulator {
  const emulator = new Emulator(cols, rows, { scrollback: 100, isEager: true });
  for (const chunk of chunks) emulator.write(chunk);
  return emulator;
}

/** All that is seen, and that whoever types must know. */
function state(emulator: Emulator) {
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  for (let y = 0; y < rows; y++) repairWideCells(cells, y);
  return {
    rows: Array.from({ length: rows }, (_, y) => cells.text.slice(y * cols, (y + 1) * cols).join('|')),
    looks: Array.from({ length: rows }, (_, y) => looks(cells, y)),
    cursor: emulator.cursor,
    isWaiting: emulator.terminal.buffer.active.cursorX === cols,
    modes: emulator.modes,
  };
}

function looks(cells: CellBuffer, y: number): string {
  return Array.from({ length: cols }, (_, x) => {
    const at = y * cols + x;
    const extra = cells.extra[at];
    const numbers = [cells.width[at], cells.foreground[at], cells.background[at], cells.attributes[at]];
    return [...numbers, extra?.underlineColour ?? 0, extra?.link?.uri ?? ''].join();
  }).join(' ');
}
