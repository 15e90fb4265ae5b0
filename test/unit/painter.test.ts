import { describe, expect, test } from 'vitest';
import { attribute, CellBuffer, paletteColour, rgbColour } from '../../src/domain/cells.ts';
import type { Cursor } from '../../src/domain/screen-state.ts';
import { repairWideCells } from '../../src/ui/screen/cell-area.ts';
import { Painter } from '../../src/ui/screen/painter.ts';
import { scrollRows } from '../../src/ui/screen/scrolled-rows.ts';
import { plainPen } from '../../src/ui/screen/sgr.ts';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import { seededRandom } from '../support/random.ts';
import { TestScreen } from '../support/test-screen.ts';

const hiddenCursor: Cursor = { x: 0, y: 0, isVisible: false, shape: 'block', isBlinking: false };

function cursorAt(x: number, y: number): Cursor {
  return { x, y, isVisible: true, shape: 'bar', isBlinking: true };
}

test.each(Array.from({ length: 25 }, (_, seed) => ({ seed })))(
  'a terminal shows the painted cells (seed $seed)',
  ({ seed }) => {
    const random = seededRandom(seed);
    const cols = 2 + Math.floor(random() * 40);
    const rows = 1 + Math.floor(random() * 12);
    const painter = new Painter(cols, rows);
    const terminal = new TestScreen(cols, rows);
    terminal.write('left over from before\r\nand here');
    const next = new CellBuffer(cols, rows);
    for (let frame = 0; frame < 12; frame++) {
      scribble(next, random);
      if (random() < 0.5) shift(next, random);
      const cursor = random() < 0.3 ? hiddenCursor : cursorAt(Math.floor(random() * cols), Math.floor(random() * rows));
      const bytes = painter.paint(next, cursor);
      expect(findForbidden(bytes)).toBeNull();
      terminal.write(bytes);
      expect(cells(shown(terminal))).toEqual(cells(next));
      expect(terminal.cursor).toMatchObject(cursor.isVisible ? cursor : { isVisible: false });
      expect(painter.paint(next, cursor)).toBe('');
    }
    terminal.dispose();
  },
);

test('one changed cell costs a few bytes', () => {
  const painter = new Painter(200, 60);
  const next = new CellBuffer(200, 60);
  painter.paint(next, hiddenCursor);
  next.set(200 * 30 + 100, 'x', 1, 0, 0, 0);
  expect(painter.paint(next, hiddenCursor)).toBe('\u001b[?2026h\u001b[31;101Hx\u001b[?2026l');
});

test('a letter at the cursor is that letter, and nothing is left to paint', () => {
  const painter = new Painter(6, 2);
  const next = new CellBuffer(6, 2);
  const letter = (x: number, text: string, foreground = 0) =>
    painter.type(x, 1, text, { foreground, background: 0, attributes: 0 });
  expect(letter(1, 'a')).toBe('');
  painter.paint(next, cursorAt(1, 1));
  expect(letter(2, 'a')).toBe('');
  expect(letter(1, 'a')).toBe('a');
  expect(letter(2, 'b', paletteColour | 1)).toBe('\u001b[31mb');
  // After this the column is not sure.
  expect(letter(3, '漢')).toBe('');
  expect(letter(3, 'c', paletteColour | 1)).toBe('c');
  next.set(7, 'a', 1, 0, 0, 0);
  next.set(8, 'b', 1, paletteColour | 1, 0, 0);
  next.set(9, 'c', 1, paletteColour | 1, 0, 0);
  expect(painter.paint(next, cursorAt(4, 1))).toBe('');
  // Behind one in the last column terminals disagree about where the cursor is.
  expect(letter(4, 'd')).not.toBe('');
  expect(letter(5, 'e')).toBe('');
  painter.paint(next, cursorAt(1, 1));
  painter.invalidate();
  expect(letter(1, 'a')).toBe('');
  painter.paint(next, hiddenCursor);
  expect(letter(1, 'a')).toBe('');
});

test('a letter is not written over a wide character', () => {
  const painter = new Painter(6, 1);
  const next = new CellBuffer(6, 1);
  next.set(1, '漢', 2, 0, 0, 0);
  next.set(2, '', 0, 0, 0, 0);
  for (const x of [1, 2]) {
    painter.paint(next, cursorAt(x, 0));
    expect(painter.type(x, 0, 'a', plainPen)).toBe('');
  }
});

test('after a wide character or an emoji the column is said again', () => {
  const painter = new Painter(20, 1);
  const next = new CellBuffer(20, 1);
  painter.paint(next, null);
  next.set(0, '❤️', 1, 0, 0, 0);
  next.set(1, 'a', 1, 0, 0, 0);
  next.set(2, '漢', 2, 0, 0, 0);
  next.set(3, '', 0, 0, 0, 0);
  next.set(4, 'b', 1, 0, 0, 0);
  expect(painter.paint(next, null)).toContain('\u001b[1;1H❤️\u001b[1;2Ha漢\u001b[1;5Hb');
});

test('the cell beside a character of doubtful width is written again when that character changes', () => {
  const painter = new Painter(6, 1);
  const next = new CellBuffer(6, 1);
  next.set(0, '❤️', 1, 0, 0, 0);
  next.set(1, 'b', 1, 0, 0, 0);
  painter.paint(next, null);
  next.set(0, 'a', 1, 0, 0, 0);
  expect(painter.paint(next, null)).toBe('\u001b[?2026h\u001b[1;1Hab\u001b[?2026l');
});

test('where a terminal believes a wide character narrow, nothing old is left beside it', () => {
  const painter = new Painter(6, 1);
  const terminal = new TestScreen(6, 1);
  const next = new CellBuffer(6, 1);
  for (const [index, text] of [...'abcd'].entries()) next.set(index, text, 1, 0, 0, 0);
  terminal.write(painter.paint(next, null));
  next.set(0, '\u{1fae9}', 2, 0, 0, 0);
  next.set(1, '', 0, 0, 0, 0);
  terminal.write(painter.paint(next, null));
  expect(terminal.text[0]).toMatch(/^\S+ cd$/);
});

test('a control character in a cell never reaches the terminal', () => {
  const painter = new Painter(8, 1);
  const next = new CellBuffer(8, 1);
  for (const [index, text] of ['\u001b', '\u009b', 'a\u202e', '\u001b]52;c;eA==\u0007', '\u202e', '\n'].entries())
    next.set(index, text, 1, 0, 0, 0);
  const bytes = painter.paint(next, null);
  expect(findForbidden(bytes)).toBeNull();
  expect(bytes).not.toMatch(/[\u202e\n]|\]52/);
});

test('the list of allowed sequences refuses the rest', () => {
  expect(findForbidden('plain \u001b[1;1H\u001b[?2026h text')).toBeNull();
  for (const bad of [
    '\u001b[21t',
    '\u001b]0;title\u0007',
    '\u001bPq\u001b\\',
    '\u009b31m',
    '\u001b[6n',
    '\u001bc',
    '\r',
  ])
    expect(findForbidden(`ok${bad}ok`)).not.toBeNull();
});

test.each([
  { depth: 'none', sgr: '\u001b[1mx' },
  { depth: '16', sgr: '\u001b[1;91mx' },
  { depth: '256', sgr: '\u001b[1;38;5;196mx' },
  { depth: 'truecolor', sgr: '\u001b[1;38;2;250;10;0mx' },
] as const)('with $depth colours red is written so', ({ depth, sgr }) => {
  const painter = new Painter(4, 1, { depth });
  const next = new CellBuffer(4, 1);
  next.set(0, 'x', 1, rgbColour | 0xfa0a00, 0, attribute.bold);
  expect(painter.paint(next, null)).toContain(sgr);
});

function shown(screen: TestScreen): CellBuffer {
  const buffer = new CellBuffer(screen.cols, screen.rows);
  screen.blit(buffer, 0, 0, screen.cols, screen.rows);
  for (let y = 0; y < screen.rows; y++) repairWideCells(buffer, y);
  return buffer;
}

function cells(buffer: CellBuffer): string[] {
  return buffer.text.map((text, index) => {
    const look = [buffer.foreground[index], buffer.background[index], buffer.attributes[index]].join(',');
    return `${Math.floor(index / buffer.cols)}:${index % buffer.cols} "${text}" w${buffer.width[index]} ${look}`;
  });
}

const graphemes = ['a', 'b', ' ', ' ', '─', 'é', 'Ж', '漢', '한', 'e\u0301', '⠋', 'ア'];

/** Overwrites random runs with random looks, cut wide characters and runs of blanks included. */
function scribble(buffer: CellBuffer, random: () => number): void {
  const pick = (max: number) => Math.floor(random() * max);
  for (let run = pick(8); run >= 0; run--) {
    const start = pick(buffer.text.length);
    const foreground = [0, paletteColour | pick(256), rgbColour | pick(0x1000000)][pick(3)];
    const background = [0, 0, paletteColour | pick(256), rgbColour | pick(0x1000000)][pick(4)];
    const attributes = random() < 0.5 ? 0 : pick(512);
    const isBlank = random() < 0.3;
    for (let index = start; index < Math.min(buffer.text.length, start + pick(30)); index++) {
      if (isBlank) {
        buffer.set(index, ' ', 1, 0, 0, 0);
        continue;
      }
      const text = graphemes[pick(graphemes.length)];
      const width = /[漢한ア]/.test(text) ? 2 : 1;
      buffer.set(index, text, width, foreground, background, attributes);
      if (width === 2 && index + 1 < buffer.text.length) buffer.set(++index, '', 0, foreground, background, attributes);
    }
  }
}

/** Some rows go up or down, as when a program scrolls a part of its screen. */
function shift(buffer: CellBuffer, random: () => number): void {
  const pick = (max: number) => Math.floor(random() * max);
  const top = pick(buffer.rows);
  const bottom = top + pick(buffer.rows - top);
  scrollRows(buffer, { top, bottom, by: (1 + pick(bottom - top + 1)) * (random() < 0.5 ? 1 : -1) });
}

test('a mark without width does not take the place of its letter', () => {
  const painter = new Painter(4, 1);
  const next = new CellBuffer(4, 1);
  next.set(0, 'a\u200b', 1, 0, 0, 0);
  expect(painter.paint(next, null)).toContain('a');
  expect(painter.paint(next, null)).not.toContain('\u{fffd}');
});

describe('rows that the terminal shows elsewhere', () => {
  const cols = 80;
  const rows = 30;

  /** Lines of text that all differ, coloured, in `rows` from `top` on, beginning with number `first`. */
  function write(buffer: CellBuffer, top: number, bottom: number, first: number): void {
    for (let y = top; y <= bottom; y++) {
      const text = `${first + y - top} `.repeat(30).slice(0, cols);
      for (let x = 0; x < cols; x++) buffer.set(y * cols + x, text[x] ?? ' ', 1, paletteColour | (y % 7), 0, 0);
    }
  }

  function shownAfter(before: (next: CellBuffer) => void, after: (next: CellBuffer) => void) {
    const painter = new Painter(cols, rows);
    const terminal = new TestScreen(cols, rows);
    const next = new CellBuffer(cols, rows);
    before(next);
    terminal.write(painter.paint(next, null));
    after(next);
    const isChanged = new Uint8Array(rows).fill(1);
    const bytes = painter.paint(next, null, isChanged);
    terminal.write(bytes);
    expect(cells(shown(terminal))).toEqual(cells(next));
    terminal.dispose();
    return bytes;
  }

  test.each([
    ['up by one', { top: 0, bottom: rows - 1, by: 1 }],
    ['down by three', { top: 0, bottom: rows - 1, by: -3 }],
    ['up by seven, between a header and a footer', { top: 2, bottom: rows - 4, by: 7 }],
  ])('%s are moved by itself', (_name, scroll) => {
    const bytes = shownAfter(
      (next) => write(next, 0, rows - 1, 100),
      (next) => {
        scrollRows(next, scroll);
        const [top, bottom] =
          scroll.by > 0 ? [scroll.bottom + 1 - scroll.by, scroll.bottom] : [scroll.top, scroll.top - scroll.by - 1];
        write(next, top, bottom, 500);
      },
    );
    expect(bytes).toMatch(scroll.by > 0 ? /\u001b\[\d+M/ : /\u001b\[\d+L/);
    expect(bytes.length).toBeLessThan((Math.abs(scroll.by) + 1) * 120);
  });

  test('a row that was not said to have changed is drawn again when it went along', () => {
    const painter = new Painter(cols, rows);
    const terminal = new TestScreen(cols, rows);
    const next = new CellBuffer(cols, rows);
    write(next, 0, rows - 1, 100);
    // The same before and after, amid those that move.
    write(next, 10, 10, 7);
    terminal.write(painter.paint(next, null));
    scrollRows(next, { top: 0, bottom: rows - 1, by: 1 });
    write(next, 10, 10, 7);
    write(next, rows - 1, rows - 1, 500);
    const isChanged = new Uint8Array(rows).fill(1);
    isChanged[10] = 0;
    terminal.write(painter.paint(next, null, isChanged));
    expect(cells(shown(terminal))).toEqual(cells(next));
    terminal.dispose();
  });

  test('a few, or those that are alike everywhere, are drawn', () => {
    const few = (next: CellBuffer) => scrollRows(next, { top: 4, bottom: 6, by: 1 });
    expect(shownAfter((next) => write(next, 0, rows - 1, 100), few)).not.toMatch(/\u001b\[\d+[ML]/);
    const alike = (next: CellBuffer) => {
      for (let y = 0; y < rows; y++) write(next, y, y, y % 2);
    };
    const other = (next: CellBuffer) => {
      for (let y = 0; y < rows; y++) write(next, y, y, 2 + (y % 2));
    };
    expect(shownAfter(alike, other)).not.toMatch(/\u001b\[\d+[ML]/);
  });
});
