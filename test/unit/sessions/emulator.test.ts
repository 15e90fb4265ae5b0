import { expect, test } from 'vitest';
import { attribute, CellBuffer, paletteColour, rgbColour } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';

async function emulatorWith(text: string | Uint8Array, cols = 20, rows = 5): Promise<Emulator> {
  const emulator = new Emulator(cols, rows);
  await fed(emulator, text);
  return emulator;
}

function fed(emulator: Emulator, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => emulator.write(text, resolve));
}

function cellsOf(emulator: Emulator): CellBuffer {
  const cells = new CellBuffer(emulator.cols, emulator.rows);
  emulator.blit(cells, 0, 0, emulator.cols, emulator.rows);
  return cells;
}

test.each([
  ['1', attribute.bold],
  ['2', attribute.dim],
  ['3', attribute.italic],
  ['4', attribute.underline],
  ['5', attribute.blink],
  ['7', attribute.inverse],
  ['8', attribute.invisible],
  ['9', attribute.strikethrough],
  ['53', attribute.overline],
  ['1;3;9', attribute.bold | attribute.italic | attribute.strikethrough],
])('SGR %s', async (parameters, bits) => {
  const cells = cellsOf(await emulatorWith(`\x1b[${parameters}mx\x1b[my`));
  expect([cells.text[0], cells.attributes[0], cells.text[1], cells.attributes[1]]).toEqual(['x', bits, 'y', 0]);
});

test('colours: default, 16, 256 and true', async () => {
  const cells = cellsOf(await emulatorWith('a\x1b[31;102mb\x1b[38;5;200;48;5;7mc\x1b[38;2;1;2;3;48;2;255;254;253md'));
  expect([...cells.foreground.slice(0, 4)]).toEqual([0, paletteColour | 1, paletteColour | 200, rgbColour | 0x010203]);
  expect([...cells.background.slice(0, 4)]).toEqual([0, paletteColour | 10, paletteColour | 7, rgbColour | 0xfffefd]);
});

test('wide characters take two cells, a grapheme of several code points one place', async () => {
  const cells = cellsOf(await emulatorWith('漢e\u0301🙂👩‍👩‍👧x'));
  expect(cells.text.slice(0, 8)).toEqual(['漢', '', 'e\u0301', '🙂', '', '👩‍👩‍👧', '', 'x']);
  expect([...cells.width.slice(0, 8)]).toEqual([2, 0, 1, 2, 0, 2, 0, 1]);
});

test('blit clips, leaves the rest alone, and puts a blank where it cuts a wide character', async () => {
  const emulator = await emulatorWith('ab漢c\r\n123456');
  const cells = new CellBuffer(6, 3);
  cells.text.fill('.');
  emulator.blit(cells, 1, 1, 3, 1);
  expect([cells.rowText(0), cells.rowText(1), cells.rowText(2)]).toEqual(['......', '.ab ..', '......']);
  expect(cells.width[9]).toBe(1);
  emulator.blit(cells, 4, 2, 10, 10);
  expect(cells.rowText(2)).toBe('....ab');
  expect(cells.text).toHaveLength(18);
});

test.each([
  [0, 'default', true],
  [1, 'block', true],
  [2, 'block', false],
  [3, 'underline', true],
  [4, 'underline', false],
  [5, 'bar', true],
  [6, 'bar', false],
] as const)('cursor shape %i', async (parameter, shape, isBlinking) => {
  const { cursor } = await emulatorWith(`ab\x1b[${parameter} q`);
  expect(cursor).toEqual({ x: 2, y: 0, isVisible: true, shape, isBlinking });
});

test('the cursor hides, comes back, and stays within the screen', async () => {
  const emulator = await emulatorWith('\x1b[?25l12345678901234567890');
  expect(emulator.cursor).toMatchObject({ x: 19, y: 0, isVisible: false });
  await fed(emulator, '\x1b[?25h');
  expect(emulator.cursor.isVisible).toBe(true);
});

test('the alternate screen comes and goes', async () => {
  const emulator = await emulatorWith('shell\x1b[?1049h\x1b[Hfull');
  expect([emulator.text().trim(), emulator.modes.alternateScreen]).toEqual(['full', true]);
  await fed(emulator, '\x1b[?1049l');
  expect([emulator.text().trim(), emulator.modes.alternateScreen]).toEqual(['shell', false]);
});

const corpus: [name: string, text: string][] = [
  ['text that scrolled', Array.from({ length: 12 }, (_, i) => `line ${i}`).join('\r\n')],
  ['attributes and colours', '\x1b[1;4;38;2;9;8;7;48;5;99mhot\x1b[0m cold\x1b[7m inv\x1b[3;9;53m all'],
  ['wide and combined', '漢字🙂e\u0301👩‍👩‍👧\r\n\x1b[44m漢'],
  ['a full last column', '12345678901234567890'],
  ['a wrapped line', '1234567890123456789012345'],
  ['background erased', '\x1b[41m\x1b[2J\x1b[3;3Hx\x1b[K'],
  ['modes', '\x1b[?1h\x1b=\x1b[?2004h\x1b[?1004h\x1b[?1003h\x1b[?1006hx'],
  ['modes of the keyboard', '\x1b[=1u\x1b[>5u\x1b[>7u\x1b[>4;2mx'],
  ['another screen with modes of the keyboard', '\x1b[>3u\x1b[?1049h\x1b[>5u\x1b[>7uback\x1b[?1049l'],
  ['the alternate screen with modes of its own', '\x1b[>3u\x1b[?1049h\x1b[>5u\x1b[?1007h\x1b[?1002h\x1b[?1015hx'],
  ['synchronized output', '\x1b[?2026hhalf'],
  ['a hidden bar cursor', 'ab\x1b[5 q\x1b[?25l'],
  ['a scroll region', '1\r\n2\r\n3\r\n4\r\n5\x1b[2;4r\x1b[3;2Hx'],
  ['the alternate screen', 'shell\x1b[?1049h\x1b[2;2Hfull\x1b[32mgreen'],
  ['an unfinished colour', 'ab\x1b[3'],
  ['an unfinished title', 'ab\x1b]0;tit'],
];

const further = '\x1b[<u\x1b[?1006l1mA\x07漢\x1b[0m next\r\nline 漢\n\n\n\x1b[2;2Hy\x1b[Jz\x1b[?1049lback';

test.each(corpus)('a snapshot of %s draws the same on a new emulator, which goes on the same', async (_name, text) => {
  const first = await emulatorWith(text);
  const { unfinished } = first;
  const second = await emulatorWith(Buffer.concat([Buffer.from(snapshot(first)), unfinished]));
  expect(cellsOf(second)).toEqual(cellsOf(first));
  expect([second.cursor, second.modes]).toEqual([first.cursor, first.modes]);
  await fed(first, further);
  await fed(second, further);
  expect(second.text()).toBe(first.text());
  expect(cellsOf(second)).toEqual(cellsOf(first));
  expect([second.cursor, second.modes]).toEqual([first.cursor, first.modes]);
});

test('a snapshot at every byte of a stream is followed by the rest without a difference', async () => {
  const bytes = Buffer.from(
    '\x1b[1;31mä🙂漢\x1b[m\x1b]2;t\x07\u009b4mx\r\n\x1b[?25l\x1b[2;3Hz\x1b[K\x1b[?1049h\x1b[2Jq',
  );
  const whole = await emulatorWith(bytes);
  for (let at = 0; at <= bytes.length; at++) {
    const first = await emulatorWith(bytes.subarray(0, at));
    const start = Buffer.concat([Buffer.from(snapshot(first)), first.unfinished]);
    const second = await emulatorWith(start);
    await fed(second, bytes.subarray(at));
    expect(cellsOf(second), `at ${at}`).toEqual(cellsOf(whole));
    expect(second.cursor, `at ${at}`).toEqual(whole.cursor);
  }
});

test('wrapped lines without a history outlive a narrower and then a wider, higher screen', () => {
  const emulator = new Emulator(67, 8, { isEager: true });
  const line = `${'x'.repeat(3_000)}\r\n`;
  emulator.write(line);
  emulator.resize(37, 9);
  emulator.resize(47, 10);
  expect(() => emulator.write(line)).not.toThrow();
});

test('of more links than are held the oldest are let go, and their text stays', async () => {
  const emulator = new Emulator(80, 24, { scrollback: 1_000 });
  const link = (at: number) => `\x1b]8;;https://example.com/${`${at}`.padStart(2_000, '0')}\x1b\\x`;
  for (let line = 0; line < 100; line++) {
    const cells = Array.from({ length: 80 }, (_, x) => link(line * 80 + x)).join('');
    await new Promise<void>((resolve) => emulator.write(`${cells}\x1b]8;;\x1b\\\r\n`, resolve));
  }
  const cells = new CellBuffer(80, 100);
  emulator.blitLines(0, cells, 0, 0, 80, 100);
  const held = new Set(cells.extra.flatMap((extra) => extra?.link ?? []));
  expect(held.size).toBeGreaterThan(900);
  expect([...held].reduce((sum, { uri }) => sum + uri.length, 0)).toBeLessThan(4 * 1024 * 1024);
  expect(cells.extra.slice(-held.size).every((extra) => extra?.link)).toBe(true);
  expect(cells.rowText(0)).toBe('x'.repeat(80));
  // A link that was let go leaves nothing behind.
  expect(cells.extra[0]).toBeNull();
});

test('one that is disposed takes nothing more, and what it showed last can be read', async () => {
  const emulator = await emulatorWith('\x1b[?2004h\x1b]8;;https://example.com\x1b\\last\x1b]8;;\x1b\\ \x1b[31mred');
  const { cursor, modes } = emulator;
  const before = cellsOf(emulator);
  emulator.write(`more ${'x'.repeat(100_000)}`);
  emulator.dispose();
  emulator.write('even more');
  await new Promise(setImmediate);
  expect(cellsOf(emulator)).toEqual(before);
  expect(emulator.cursor).toEqual(cursor);
  expect(emulator.modes).toEqual(modes);
  expect(emulator.rowRevision(0)).toBeLessThanOrEqual(emulator.revision);
});
