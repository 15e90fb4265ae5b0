import { expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import type { Screen } from '../../../src/ports/screen.ts';
import { decodeStill, encodeStill } from '../../../src/protocol/still.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { charsets, scrollRegion, tabStops } from '../../../src/sessions/screen/internals.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { StillScreen } from '../../../src/sessions/screen/still-screen.ts';
import { repairWideCells } from '../../../src/ui/screen/cell-area.ts';
import { seededRandom } from '../../support/random.ts';

type Pick = (below: number) => number;

/** Everything that programs do to a screen. */
const pieces: ((n: Pick) => string)[] = [
  (n) => 'The quick brown fox jumps over'.slice(n(20), 20 + n(10)),
  (n) => 'lqqqkx '.repeat(1 + n(4)),
  () => '漢字',
  () => 'e\u0301',
  () => '\u0301',
  () => '👩‍👩‍👧🇩🇪❤️1️⃣👍🏽',
  () => '\u{1f1e9}',
  (n) => `${' '.repeat(n(40))}.`,
  () => '\r',
  () => '\n',
  () => '\r\n\n',
  () => '\t',
  () => '\b\b',
  () => '\x1b[Z',
  () => '\x1b[2I',
  (n) => `\x1b[${1 + n(9)};${1 + n(24)}H`,
  (n) => `\x1b[${n(24)}G`,
  (n) => `\x1b[${n(3)}J`,
  (n) => `\x1b[?${n(3)}J`,
  (n) => `\x1b[${n(3)}K`,
  (n) => `\x1b[${n(4)}${'LMSTPX@b'[n(8)]}`,
  (n) => `\x1b[${1 + n(3)};${4 + n(6)}r`,
  () => '\x1b[r',
  () => '\x1bM',
  () => '\x1bD',
  () => '\x1bE',
  () => '\x1b#8',
  (n) => `\x1b[${[0, 1, 2, 3, 4, 5, 7, 8, 9, 21, 22, 23, 24, 25, 27, 28, 29, 39, 49, 53, 55, 59][n(22)]}m`,
  (n) => `\x1b[${30 + n(8)};${40 + n(8)}m`,
  (n) => `\x1b[38;5;${n(256)};48;2;${n(256)};1;2m`,
  (n) => `\x1b[4:${n(6)};58:2::${n(256)}:${n(256)}:9m`,
  (n) => `\x1b[58;5;${n(256)}m`,
  (n) => `\x1b[${n(2)}"q`,
  (n) => `\x1b]8;;https://example.com/${n(3)}\x1b\\`,
  (n) => `\x1b]8;id=${n(2)};https://example.com/named\x1b\\`,
  () => '\x1b]8;;\x1b\\',
  () => '\x1b]8;;javascript:alert(1)\x1b\\',
  (n) => (n(2) ? '\x1b7' : '\x1b8'),
  (n) => (n(2) ? '\x1b[s' : '\x1b[u'),
  (n) => `\x1b[?${[47, 1047, 1048, 1049][n(4)]}${'hl'[n(2)]}`,
  (n) => `\x1b${'()*+'[n(4)]}${'0AB'[n(3)]}`,
  (n) => ['\x0e', '\x0f', '\x1bn', '\x1bo'][n(4)] ?? '',
  (n) => `\x1b[?${[1, 6, 7, 25, 66, 1000, 1003, 1004, 1006, 1007, 2004, 2026][n(12)]}${'hl'[n(2)]}`,
  (n) => `\x1b[${[4, 20][n(2)]}${'hl'[n(2)]}`,
  () => '\x1b[4l\x1b[20l\x1b[?6l',
  (n) => `\x1b[${n(7)} q`,
  (n) => (n(3) ? '\x1bH' : `\x1b[${[0, 3][n(2)]}g`),
  (n) => (n(6) ? '' : '\x1b[!p'),
  (n) => (n(6) ? '' : '\x1bc'),
  (n) => `\x1b[>${n(8)}u`,
];

function state(emulator: Emulator) {
  const { cols, rows, cursor, modes, terminal, shapeParameter } = emulator;
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  const which = terminal.buffer.active.type;
  const wraps = Array.from({ length: rows - 1 }, (_, y) => emulator.isWrapped(terminal.buffer.active.baseY + y + 1));
  // Halves of wide characters are blank in a snapshot.
  for (let y = 0; y < rows; y++) repairWideCells(cells, y);
  return {
    rows: Array.from({ length: rows }, (_, y) => looks(cells, y)),
    wraps,
    x: terminal.buffer.active.cursorX,
    cursor,
    shapeParameter,
    modes,
    more: terminal.modes,
    region: scrollRegion(terminal, which),
    tabs: tabStops(terminal, which),
    charsets: charsets(terminal),
  };
}

function looks(cells: CellBuffer, y: number): string[] {
  return Array.from({ length: cells.cols }, (_, x) => {
    const at = y * cells.cols + x;
    const extra = cells.extra[at];
    const numbers = [cells.width[at], cells.foreground[at], cells.background[at], cells.attributes[at]];
    return [
      cells.text[at],
      ...numbers,
      extra?.underlineColour ?? 0,
      extra?.link?.uri ?? '',
      extra?.link?.id ?? '',
    ].join(' ');
  });
}

test.each(Array.from({ length: 8 }, (_, seed) => ({ seed })))(
  'whatever was written up to a snapshot, what follows draws the same on the new emulator (seed $seed)',
  ({ seed }) => {
    const random = seededRandom(seed);
    const n = (below: number) => Math.floor(random() * below);
    for (let round = 0; round < 25; round++) {
      const [cols, rows] = [4 + n(30), 2 + n(9)];
      const original = new Emulator(cols, rows, { isEager: true, scrollback: n(2) ? 100 : 0 });
      const written: string[] = [];
      for (let count = n(60); count > 0; count--) {
        const bytes = Buffer.from(pieces[n(pieces.length)]?.(n) ?? '');
        const part = n(8) ? bytes : bytes.subarray(0, n(bytes.length + 1));
        written.push(part.toString('latin1'));
        original.write(part);
      }
      if (beginsWithin(original)) continue;
      const start = snapshot(original);
      const copy = new Emulator(cols, rows, { isEager: true });
      copy.write(start);
      copy.write(original.unfinished);
      const title = `${cols}x${rows}, ${JSON.stringify(written)}, then ${JSON.stringify(start)}`;
      expect(state(copy), title).toEqual(state(original));
      expect(shown(sentAsStill(original)), title).toEqual(shown(original));
      const rest: string[] = [];
      for (let count = 0; count < 14; count++) {
        const next = pieces[n(pieces.length)]?.(n) ?? '';
        rest.push(next);
        original.write(next);
        copy.write(next);
        expect(state(copy), `${title}, then ${JSON.stringify(rest)}`).toEqual(state(original));
      }
      copy.dispose();
      original.dispose();
    }
  },
);

function sentAsStill(emulator: Emulator): StillScreen {
  return new StillScreen(decodeStill(encodeStill(emulator.still())!)!);
}

/** All that can be seen of a screen, whole and of parts of it. */
function shown(screen: Screen) {
  const { cols, rows, cursor, modes } = screen;
  const parts = [
    { width: cols, height: rows, firstRow: 0 },
    { width: cols - 1, height: rows, firstRow: 1 },
    { width: 3, height: 1, firstRow: rows - 1 },
  ];
  const cells = parts.map(({ width, height, firstRow }) => {
    const target = new CellBuffer(cols + 1, rows + 1);
    screen.blit(target, 1, 1, width, height, firstRow);
    return Array.from({ length: rows + 1 }, (_, y) => looks(target, y));
  });
  const isNew = Array.from({ length: rows }, (_, y) => screen.rowRevision(y) <= screen.revision);
  return { cols, rows, cursor, modes, cells, isNew };
}

/** That the first row goes on from a line above is not kept. */
function beginsWithin({ terminal }: Emulator): boolean {
  const { normal, alternate } = terminal.buffer;
  return [normal, alternate].some((buffer) => buffer.getLine(buffer.baseY)?.isWrapped);
}

function restored(original: Emulator): Emulator {
  const copy = new Emulator(original.cols, original.rows, { isEager: true });
  copy.write(snapshot(original));
  return copy;
}

test.each<[string, string, string]>([
  ['tab stops', '\x1b[3g\x1b[1;6H\x1bH\r', '\tx'],
  ['a character set in use', '\x1b)0\x0elq', 'qk'],
  ['a saved cursor with what it wrote with', '\x1b[2;4H\x1b[4:3;58;5;9;31m\x1b(0\x1b7\x1b[m\x1b(B\x1b[H', '\x1b8qx'],
  ['the cursor that the alternate screen saved', 'shell\x1b[31m\x1b[?1049h\x1b[m\x1b[3;3H', '\x1b[?1049lx'],
  ['a saved cursor of the hidden screen', '\x1b[?1047h\x1b[3;3H\x1b7\x1b[?1047l\x1b[H', '\x1b[?1047h\x1b8x'],
  ['a scroll region of the hidden screen', '\x1b[2;3r\x1b[?1049h', '\x1b[?1049l\x1b[3;1Ha\nb\nc'],
  ['origin mode', '\x1b[2;4r\x1b[?6h\x1b[2;2H', 'x\x1b[1;1Hy'],
  ['insert mode after a character', 'abcdef\x1b[1;3H\x1b[4hX', 'Y\x1b[2b'],
  ['line feeds that return', '\x1b[20hab', '\ncd'],
  ['a character to be repeated', 'abc-', '\x1b[3b'],
  ['a letter whose accent comes', 'abce', '\u0301'],
  ['half a flag', 'abc\u{1f1e9}', '\u{1f1ea}x'],
  ['a character in the last column', '12345678901234567890', 'x'],
  ['the same with the attributes of after', '1234567890123456789\x1b[41m0\x1b[m', 'x'],
  ['a protected field', 'a\x1b[1"qb\x1b[0"qc', '\x1b[?2Jd\x1b[H'],
  ['a link without end', '\x1b]8;;https://example.com\x1b\\a', 'b\r\nc\x1b]8;;\x1b\\d'],
  [
    'a link with a name',
    '\x1b]8;id=7;https://example.com\x1b\\a\x1b]8;;\x1b\\',
    'b\x1b]8;id=7;https://example.com\x1b\\c',
  ],
  ['reverse wrap', '\x1b[?45h12345678901234567890ab', '\b\b\b\bx'],
])('%s outlives a snapshot', (_name, before, after) => {
  const original = new Emulator(20, 5, { isEager: true });
  original.write(before);
  const copy = restored(original);
  expect(state(copy)).toEqual(state(original));
  original.write(after);
  copy.write(after);
  expect(state(copy)).toEqual(state(original));
});

test('cells of one link are one link after a snapshot, those of two with the same address are two', () => {
  const open = '\x1b]8;;https://example.com\x1b\\';
  const original = new Emulator(20, 5, { isEager: true });
  original.write(`${open}a\x1b[31mb${open}c`);
  const cells = new CellBuffer(20, 5);
  restored(original).blit(cells, 0, 0, 20, 5);
  const [a, b, c] = cells.extra.map((extra) => extra?.link);
  expect([a, a === b, a === c]).toEqual([{ uri: 'https://example.com', id: '' }, true, false]);
});

test('a control that came within a sequence is not done twice', () => {
  const original = new Emulator(20, 5, { isEager: true });
  original.write('a\x1b[3\n\n');
  const copy = restored(original);
  copy.write(original.unfinished);
  for (const emulator of [original, copy]) emulator.write('1mb');
  expect(state(copy)).toEqual(state(original));
});

test('a designation of a character set is ended after a snapshot', () => {
  const original = new Emulator(20, 5, { isEager: true });
  original.write('a\x1b(');
  const copy = restored(original);
  copy.write(original.unfinished);
  for (const emulator of [original, copy]) emulator.write('0qq');
  expect(copy.text()).toMatch(/^a──\n/);
  expect(state(copy)).toEqual(state(original));
});

test('a screen whose every cell has a long link of its own is drawn with as many of them as fit', async () => {
  const emulator = new Emulator(200, 50);
  const link = (index: number) => `\x1b]8;;https://example.com/${`${index}`.padStart(2_000, '0')}\x1b\\x`;
  const cells = Array.from({ length: 200 * 50 }, (_, index) => link(index)).join('');
  await new Promise<void>((resolve) => emulator.write(cells, resolve));
  const picture = snapshot(emulator);
  expect(picture.length).toBeLessThan(1_200_000);
  const drawn = new Emulator(200, 50);
  await new Promise<void>((resolve) => drawn.write(picture, resolve));
  expect(drawn.text()).toBe(emulator.text());
  const links = new CellBuffer(200, 50);
  drawn.blit(links, 0, 0, 200, 50);
  expect(links.extra.filter((extra) => extra?.link).length).toBeGreaterThan(500);
});
