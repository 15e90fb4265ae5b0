import { expect, test } from 'vitest';
import { cellRuns } from '../../src/cli/output/cell-runs.ts';
import { attribute, CellBuffer, paletteColour } from '../../src/domain/cells.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { ansiRows } from '../../src/sessions/screen/snapshot.ts';
import { Painter } from '../../src/ui/screen/painter.ts';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';

const [cols, rows] = [12, 4];

function cellsOf(emulator: Emulator): CellBuffer {
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  return cells;
}

/** What a program writes; the rows that it then sees, without blanks at their ends; where the cursor is. */
const cases: [name: string, text: string, shown: string[], cursor: [x: number, y: number]][] = [
  ['DEC graphics and back', '\x1b(0lqk\x1b(Bq', ['┌─┐q'], [4, 0]],
  ['G1 by shift out and in', '\x1b)0a\x0eq\x0fq', ['a─q'], [3, 0]],
  ['REP', 'a-\x1b[4b|', ['a-----|'], [7, 0]],
  ['REP of a wide character', '漢\x1b[2b', ['漢漢漢'], [6, 0]],
  ['insert mode', 'abc\r\x1b[4hX\x1b[4lY', ['XYbc'], [2, 0]],
  ['insert mode at the end', '0123456789ab\r\x1b[4hX', ['X0123456789a'], [1, 0]],
  ['tab stops', 'a\tb\x1b[3g\r\n\tc\x1b[1;4H\x1bH\r\td', ['a  d    b', '           c'], [4, 0]],
  ['tab backwards', '0123456789\x1b[Zx', ['01234567x9'], [9, 0]],
  ['soft reset', '\x1b[2;3r\x1b[?6h\x1b[4h\x1b(0\x1b[31m\x1b[!p\x1b[Hqx', ['qx'], [2, 0]],
  ['full reset', 'old\x1b[?1049hx\x1b[2;3r\x1b[4h\x1bcnew', ['new'], [3, 0]],
  ['the alternate screen, with its cursor', 'a\x1b[?1049h\x1b[3;3Hfull\x1b[?1049lb', ['ab'], [2, 0]],
  ['the alternate screen without', 'a\x1b[?47h\x1b[3;3Hfull\x1b[?47lb', ['a', '', '      b'], [7, 2]],
  ['1047 clears what was there', '\x1b[?1047hx\x1b[?1047l\x1b[?1047h', [], [1, 0]],
  ['a saved cursor after the screen scrolled', '\x1b[2;3H\x1b7\x1b[4;1H\n\n\n\x1b8x', ['', '  x'], [3, 1]],
  ['a saved cursor in origin mode', '\x1b[2;3r\x1b[?6h\x1b[1;1H\x1b7\x1b[?6l\x1b8\x1b[1;1Hx', ['', 'x'], [1, 1]],
  ['wrap waits for the next character', '0123456789ab\x1b[31m\rx', ['x123456789ab'], [1, 0]],
  ['no wrap', '\x1b[?7l0123456789abcdef', ['0123456789af'], [11, 0]],
  ['reverse wrap', '\x1b[?45h0123456789abc\b\bX', ['0123456789aX', 'c'], [11, 0]],
  ['a scroll region', '1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\nx', ['1', '3', 'x', '4'], [1, 2]],
  ['index upwards at its top', '1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2;1H\x1bMx', ['1', 'x', '2', '4'], [1, 1]],
  ['origin mode', '\x1b[2;3r\x1b[?6h\x1b[9;1Hx', ['', '', 'x'], [1, 2]],
  ['insert and delete', 'abcdef\x1b[1;2H\x1b[2@\x1b[1;7H\x1b[P', ['a  bcdf'], [6, 0]],
  ['half of a wide character overwritten', '漢字\x1b[1;2Hx', [' x字'], [2, 0]],
  ['a wide character that does not fit', '0123456789a漢', ['0123456789a', '漢'], [2, 1]],
];

test.each(cases)('%s', (_name, text, shown, [x, y]) => {
  const inner = new Emulator(cols, rows, { isEager: true });
  inner.write(text);
  const outer = new Emulator(cols, rows, { isEager: true });
  outer.write('what was there before\r\n'.repeat(4));
  const bytes = new Painter(cols, rows).paint(cellsOf(inner), inner.cursor);
  expect(findForbidden(bytes)).toBeNull();
  outer.write(bytes);
  expect(inner.text().split('\n')).toEqual(Array.from({ length: rows }, (_, row) => shown[row] ?? ''));
  expect(outer.text()).toBe(inner.text());
  expect(cellsOf(outer)).toEqual(cellsOf(inner));
  expect(outer.cursor).toEqual({ ...inner.cursor, x: Math.min(x, cols - 1), y });
});

test.each([
  ['erased', '\x1b[41m\x1b[2J'],
  ['scrolled', '\x1b[41m\x1b[4;1H\n\n\n\n'],
  ['inserted', '\x1b[41m\x1b[4L'],
  ['deleted', '\x1b[41m\x1b[4M'],
])('lines that were %s have the colour of then', (_name, text) => {
  const inner = new Emulator(cols, rows, { isEager: true });
  const outer = new Emulator(cols, rows, { isEager: true });
  inner.write(text);
  outer.write(new Painter(cols, rows).paint(cellsOf(inner), null));
  expect(new Set(cellsOf(outer).background)).toEqual(new Set([paletteColour | 1]));
});

test.each([
  ['', 'default', true],
  ['\x1b[?12l', 'default', true],
  ['\x1b[1 q\x1b[?12l', 'block', false],
  ['\x1b[4 q\x1b[?12h', 'underline', true],
  ['\x1b[5 q\x1b[?12l', 'bar', false],
  ['\x1b[6 q\x1bc', 'default', true],
] as const)('the cursor after %j is a %s, blinking: %s', (text, shape, isBlinking) => {
  const inner = new Emulator(cols, rows, { isEager: true });
  const outer = new Emulator(cols, rows, { isEager: true });
  inner.write(text);
  outer.write(new Painter(cols, rows).paint(cellsOf(inner), inner.cursor));
  for (const screen of [inner, outer]) expect(screen.cursor).toMatchObject({ shape, isBlinking });
});

test('the screen as text has as many lines as rows, as text with colours and as runs', () => {
  const screen = new Emulator(cols, rows, { isEager: true });
  screen.write(
    'shell\x1b[?1049h\x1b[2;2H漢 b   \x1b[3;1H\x1b[4:3;58:5:9mu\x1b[m\x1b]8;;https://a.com\x1b\\l\x1b]8;;\x1b\\',
  );
  expect(screen.text()).toBe('\n 漢 b\nul\n');
  expect(ansiRows(screen)).toBe('\n 漢 b\n\x1b[0;4:3;58;5;9mu\x1b[0ml\n');
  const plain = { foreground: 0, background: 0, attributes: 0, underlineColour: 0, link: null };
  expect(cellRuns(cellsOf(screen), 1)).toEqual([{ ...plain, column: 0, text: ` 漢 b${' '.repeat(7)}` }]);
  const [underlined, linked, rest] = cellRuns(cellsOf(screen), 2);
  const curly = attribute.underline | (3 << 9);
  expect(underlined).toEqual({ ...plain, column: 0, text: 'u', attributes: curly, underlineColour: paletteColour | 9 });
  expect(linked).toEqual({ ...plain, column: 1, text: 'l', link: 'https://a.com' });
  expect(rest).toMatchObject({ column: 2, text: ' '.repeat(10) });
});
