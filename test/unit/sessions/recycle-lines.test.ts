import { afterEach, expect, test } from 'vitest';
import { CellBuffer, paletteColour } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { coreOf, type RawLine } from '../../../src/sessions/screen/internals.ts';

const cols = 12;
const rows = 3;
const scrollback = 5;
const blue = paletteColour | 4;

const open: Emulator[] = [];
afterEach(() => {
  for (const emulator of open.splice(0)) emulator.dispose();
});

/** One whose history is full. */
async function fullEmulator(lines: string): Promise<Emulator> {
  const emulator = new Emulator(cols, rows, { scrollback });
  open.push(emulator);
  await fed(emulator, `${lines}\r\n`.repeat(rows + scrollback));
  return emulator;
}

function fed(emulator: Emulator, bytes: string): Promise<void> {
  return new Promise((resolve) => emulator.write(bytes, resolve));
}

function lineOf({ terminal }: Emulator, at: number): RawLine {
  return coreOf(terminal).buffer.lines.get(at) as RawLine;
}

function cellsOf(emulator: Emulator): CellBuffer {
  const cells = new CellBuffer(cols, emulator.lineCount);
  emulator.blitLines(0, cells, 0, 0, cols, emulator.lineCount);
  return cells;
}

test('a line that comes back as the last one holds nothing of what it was', async () => {
  const emulator = await fullEmulator('\x1b[4:3;58:5:9;43m👩🏽‍🚀é\x1b]8;;https://a.example\x07x\x1b]8;;\x07\x1b[m');
  await fed(emulator, 'plain\r\n'.repeat(rows + scrollback + 2));
  const other = await fullEmulator('plain');
  await fed(other, 'plain\r\n'.repeat(2));

  expect(cellsOf(emulator)).toEqual(cellsOf(other));
  for (let at = 0; at < emulator.lineCount; at++) {
    expect(lineOf(emulator, at)).toMatchObject({ _combined: {}, _extendedAttrs: {} });
  }
});

test('a blank line with the colour of the text has it in each cell', async () => {
  const emulator = await fullEmulator('plain');
  await fed(emulator, '\x1b[44m\r\n\r\n');
  expect([...cellsOf(emulator).background.slice(-cols)]).toEqual(Array(cols).fill(blue));
});

test('lines go round without a new object when they hold nothing but plain cells', async () => {
  const emulator = await fullEmulator('plain');
  const first = lineOf(emulator, 0);
  const { _combined: combined, _extendedAttrs: extended, _data: data } = first;
  await fed(emulator, 'next\r\n');

  const last = lineOf(emulator, emulator.lineCount - 1);
  expect(last).toBe(first);
  expect(last._combined).toBe(combined);
  expect(last._extendedAttrs).toBe(extended);
  expect(last._data).toBe(data);
});
