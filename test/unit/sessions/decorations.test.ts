import { expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { Painter } from '../../../src/ui/screen/painter.ts';
import { findForbidden } from '../../../src/ui/terminal/allowed-sequences.ts';
import { seededRandom } from '../../support/random.ts';

const cols = 40;
const rows = 8;

const link = (address: string, text: string) => `\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\`;

/** Everything that a snapshot keeps, set and used. */
const pieces: ((n: (below: number) => number) => string)[] = [
  (n) => 'abcdefghij'.slice(0, 1 + n(10)),
  () => 'lqqk x',
  () => '漢字 ',
  () => '\r\n',
  () => '\t',
  (n) => `\x1b[${1 + n(rows)};${1 + n(cols)}H`,
  (n) => `\x1b[4:${1 + n(5)}m`,
  (n) => `\x1b[4;58;5;${1 + n(200)}m`,
  (n) => `\x1b[4:3;58:2::${n(256)}:7:9m`,
  (n) => `\x1b[${['0', '1', '3', '7', '24;59', '31', '42', '53'][n(8)]}m`,
  () => link('https://example.com/a', 'see this'),
  () => link('mailto:ada@example.com', 'mail'),
  () => '\x1b]8;id=x;https://example.org/open\x1b\\',
  () => '\x1b]8;;\x1b\\',
  () => '\x1b7',
  // The colour of an underline that is not drawn is not kept, and ESC 8 would bring one back.
  () => '\x1b8\x1b[59m',
  (n) => `\x1b[${1 + n(3)};${5 + n(4)}r`,
  () => '\x1b[r',
  (n) => `\x1b[?${[47, 1047, 1049][n(3)]}${n(2) ? 'h' : 'l\x1b[59m'}`,
  (n) => (n(2) ? '\x1b[4h' : '\x1b[4l'),
  (n) => `\x1b[${n(7)} q`,
  (n) => `\x1b[${n(3)}K`,
  () => '\x1bM',
];

test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
  'a viewer that comes at any byte sees what one sees that was always there (seed %i)',
  (seed) => {
    const random = seededRandom(seed);
    const n = (below: number) => Math.floor(random() * below);
    const stream = Buffer.from(Array.from({ length: 120 }, () => pieces[n(pieces.length)]?.(n) ?? '').join(''));
    const at = n(stream.length);
    const first = new Emulator(cols, rows, { isEager: true, scrollback: 100 });
    first.write(stream.subarray(0, at));
    const second = new Emulator(cols, rows, { isEager: true });
    second.write(Buffer.concat([Buffer.from(snapshot(first)), first.unfinished]));
    expect(look(second), `at ${at}`).toEqual(look(first));
    for (const emulator of [first, second]) emulator.write(stream.subarray(at));
    expect(look(second), `after ${JSON.stringify(stream.subarray(at).toString())}`).toEqual(look(first));
  },
);

test.each([
  ['lines for letters', '\x1b(0lqk', 'lqk'],
  ['the other character set', '\x1b)0abc\x0e', 'lqk\x0flqk'],
  ['tab stops of its own', '\x1b[3g\x1b[1;5H\x1bH\x1b[1;19H\x1bH\x1b[1;1H', 'a\tb\tc'],
  ['an origin within the region', '\x1b[3;6r\x1b[?6h', '\x1b[1;1Hfirst\x1b[9;1Hlast'],
])('%s goes on in a viewer', (_name, before, after) => {
  const first = new Emulator(cols, rows, { isEager: true });
  first.write(before);
  const second = new Emulator(cols, rows, { isEager: true });
  second.write(snapshot(first));
  for (const emulator of [first, second]) emulator.write(after);
  expect(look(second)).toEqual(look(first));
});

test.each([1, 2, 3, 4])('links and underlines reach the terminal, by allowed sequences alone (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const n = (below: number) => Math.floor(random() * below);
  const screen = new Emulator(cols, rows, { isEager: true });
  const terminal = new Emulator(cols, rows, { isEager: true });
  const painter = new Painter(cols, rows);
  for (let frame = 0; frame < 100; frame++) {
    for (let count = n(6); count > 0; count--) screen.write(pieces[n(pieces.length)]?.(n) ?? '');
    const cells = new CellBuffer(cols, rows);
    screen.blit(cells, 0, 0, cols, rows);
    const bytes = painter.paint(cells, screen.cursor);
    expect(findForbidden(bytes)).toBeNull();
    terminal.write(bytes);
    const shown = new CellBuffer(cols, rows);
    terminal.blit(shown, 0, 0, cols, rows);
    expect(cellsOf(shown), `frame ${frame}`).toEqual(cellsOf(cells));
  }
});

test.each([
  ['https://example.com', 'https://example.com/', true],
  ['HTTPS://example.com/Path?q=1', 'docs', true],
  ['mailto:ada@example.com', 'ada', true],
  ['https://evil.example', 'https://example.com/login', false],
  ['https://example.com.evil.example', 'www.example.com', false],
  ['mailto:ada@evil.example', 'https://example.com', false],
  ['file:///etc/passwd', 'file', false],
  ['javascript:alert(1)', 'click', false],
  ['https://example.com/a b', 'space', false],
  ['https://example.com/ä', 'letter', false],
  ['ssh://example.com', 'shell', false],
])('a link to %s that reads %s is shown as a link: %s', (address, text, isLink) => {
  const screen = new Emulator(60, 2, { isEager: true });
  screen.write(`\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\`);
  const cells = new CellBuffer(60, 2);
  screen.blit(cells, 0, 0, 60, 2);
  expect(cells.decoration[0]?.link ?? '').toBe(isLink ? address : '');
});

test('a terminal of few colours gets plain underlines and no links', () => {
  const screen = new Emulator(20, 1, { isEager: true });
  screen.write(`\x1b[4:3;58;5;9mcurly\x1b[m${link('https://example.com', 'link')}`);
  const cells = new CellBuffer(20, 1);
  screen.blit(cells, 0, 0, 20, 1);
  expect(new Painter(20, 1, { depth: '256' }).paint(cells, null)).toContain('\x1b[4mcurly\x1b[mlink');
});

function look(emulator: Emulator) {
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  return { cells: cellsOf(cells), cursor: emulator.cursor, modes: emulator.modes };
}

function cellsOf({ text, foreground, background, attributes, decoration }: CellBuffer): string[] {
  return text.map((grapheme, at) =>
    JSON.stringify([grapheme, foreground[at], background[at], attributes[at], decoration[at] ?? null]),
  );
}
