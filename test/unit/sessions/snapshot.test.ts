import { expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { charsets, scrollRegion, tabStops } from '../../../src/sessions/screen/internals.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { seededRandom } from '../../support/seeded-random.ts';

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
  (n) => `\x1b[?${[1, 6, 7, 25, 45, 66, 1000, 1003, 1004, 1006, 1007, 2004, 2026][n(13)]}${'hl'[n(2)]}`,
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
    return [cells.text[at], ...numbers, extra?.underlineColour ?? 0, extra?.link?.uri ?? '', extra?.link?.id ?? ''].join(' ');
  });
}

test.each(Array.from({ length: Number(process.env.SEEDS ?? 12) }, (_, seed) => ({ seed })))(
  'whatever was written up to a snapshot, what follows draws the same on the new emulator (seed $seed)',
  ({ seed }) => {
    const random = seededRandom(seed);
    const n = (below: number) => Math.floor(random() * below);
    for (let round = 0; round < 12; round++) {
      const cols = 4 + n(30);
      const rows = 2 + n(9);
      const original = new Emulator(cols, rows, { isEager: true, scrollback: n(2) ? 100 : 0 });
      const history: string[] = [];
      for (let cut = 0; cut < 4; cut++) {
        for (let count = n(30); count > 0; count--) {
          const bytes = Buffer.from(pieces[n(pieces.length)]?.(n) ?? '');
          const part = n(8) ? bytes : bytes.subarray(0, n(bytes.length + 1));
          history.push(part.toString('latin1'));
          original.write(part);
        }
        const start = snapshot(original);
        const copy = new Emulator(cols, rows, { isEager: true });
        copy.write(start);
        copy.write(original.unfinished);
        const title = `seed ${seed}, round ${round}, cut ${cut}, ${cols}x${rows}`;
        expect(state(copy), `${title} ${JSON.stringify(history)} ${JSON.stringify(start)}`).toEqual(state(original));
        const before = JSON.stringify(history);
        const rest: string[] = [];
        for (let count = 0; count < 12; count++) {
          const next = pieces[n(pieces.length)]?.(n) ?? '';
          history.push(Buffer.from(next).toString('latin1'));
          rest.push(next);
          original.write(next);
          copy.write(next);
          expect(state(copy), `${title} ${before} ${JSON.stringify(start)} ${JSON.stringify(rest)}`).toEqual(state(original));
        }
        copy.dispose();
      }
      original.dispose();
    }
  },
);
