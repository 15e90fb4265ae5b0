import { expect, test } from 'vitest';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';

/** The flags after each of these sequences, one after the other. */
async function flagsAfter(...sequences: string[]): Promise<number[]> {
  const emulator = new Emulator(20, 5);
  const flags: number[] = [];
  for (const sequence of sequences) {
    await new Promise<void>((resolve) => emulator.write(sequence, resolve));
    flags.push(emulator.modes.kittyKeyboard);
  }
  emulator.dispose();
  return flags;
}

test('flags are pushed, popped and set', async () => {
  expect(await flagsAfter('\x1b[>1u', '\x1b[>15u', '\x1b[<u', '\x1b[<u', '\x1b[<u')).toEqual([1, 15, 1, 0, 0]);
  expect(await flagsAfter('\x1b[=5u', '\x1b[=2;2u', '\x1b[=4;3u', '\x1b[=8;1u', '\x1b[>u', '\x1b[<u')).toEqual([
    5, 7, 3, 8, 0, 8,
  ]);
  expect(await flagsAfter('\x1b[>1u\x1b[>2u\x1b[>4u', '\x1b[<3u', '\x1b[>255u')).toEqual([4, 0, 31]);
});

test('each screen has its own, and RIS forgets both', async () => {
  expect(
    await flagsAfter('\x1b[>1u', '\x1b[?1049h', '\x1b[>5u', '\x1b[?1049l', '\x1b[?1049h', '\x1bc', '\x1b[?1049h'),
  ).toEqual([1, 0, 5, 1, 5, 0, 0]);
});

test('a program that pushes for ever takes no memory for it', async () => {
  const pushed = Array.from({ length: 40 }, (_, index) => `\x1b[>${(index % 31) + 1}u`).join('');
  // The sixteen newest are kept.
  expect(await flagsAfter(pushed, '\x1b[<u', '\x1b[<15u', '\x1b[<u')).toEqual([9, 8, 24, 0]);
});

test.each([
  ['\x1b[?1006h', 'sgr'],
  ['\x1b[?1000;1005h', 'utf8'],
  ['\x1b[?1015h', 'urxvt'],
  ['\x1b[?1006h\x1b[?1015h\x1b[?1006l', 'urxvt'],
  ['\x1b[?1006h\x1b[?1006l', 'default'],
  ['\x1b[?1006h\x1b[?1016h', 'sgr'],
  ['\x1b[?1006h\x1bc', 'default'],
])('%j encodes the mouse as %s', async (sequence, encoding) => {
  const emulator = new Emulator(20, 5);
  await new Promise<void>((resolve) => emulator.write(sequence, resolve));
  expect(emulator.modes.mouseEncoding).toBe(encoding);
  emulator.dispose();
});

test.each([
  ['\x1b[>4;1m', 1],
  ['\x1b[>4;2m', 2],
  ['\x1b[>4;2m\x1b[>4m', 0],
  ['\x1b[>4;2m\x1b[>m', 0],
  ['\x1b[>4;2m\x1b[>4n', 0],
  ['\x1b[>4;2m\x1b[>1;2m\x1b[m', 2],
  ['\x1b[>4;2m\x1bc', 0],
])('%j: modifyOtherKeys is %i', async (sequence, level) => {
  const emulator = new Emulator(20, 5);
  await new Promise<void>((resolve) => emulator.write(sequence, resolve));
  expect(emulator.modes.modifyOtherKeys).toBe(level);
  emulator.dispose();
});
