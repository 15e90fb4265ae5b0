import { expect, test } from 'vitest';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';

const esc = '\x1b';

function shown(text: string, cols = 10, rows = 4): Emulator {
  const emulator = new Emulator(cols, rows, { scrollback: 50, isEager: true });
  emulator.write(text);
  return emulator;
}

test('a saved cursor comes back to its row, also when lines went to the history, were reset, or never were', () => {
  const save = {
    'ESC 7': [`${esc}7`, `${esc}8`],
    'CSI s': [`${esc}[s`, `${esc}[u`],
    mode: [`${esc}[?1048h`, `${esc}[?1048l`],
  };
  for (const [name, [keep, back]] of Object.entries(save)) {
    for (const before of ['', `${esc}c`, '\n'.repeat(100)]) {
      const emulator = shown(`${before}${esc}[2;3H${keep}${esc}[4;1H${'\n'.repeat(7)}${back}here`);
      expect(emulator.text().split('\n')[1], `${name} after ${JSON.stringify(before)}`).toBe('  here');
    }
  }
  expect(
    shown(`${'\n'.repeat(20)}${esc}8top`)
      .text()
      .split('\n')[0],
  ).toBe('top');
  expect(shown(`${esc}[3;3H${esc}7\n\n\n${esc}[!p${esc}8top`).text().split('\n')[0]).toBe('top');
});

test.each(['', '?'])('CSI %s1 J in the last cell erases all, and goes on', (prefix) => {
  const emulator = shown(`one\r\ntwo\r\nthree\r\n0123456789${esc}[4;10H${esc}[${prefix}1Jx`);
  expect(emulator.text()).toBe(`\n\n\n${' '.repeat(9)}x`);
});

test('a handler that throws ends neither the process nor the output', () => {
  const emulator = shown('a');
  emulator.terminal.parser.registerCsiHandler({ final: 'y' }, () => {
    throw new Error('a fault');
  });
  expect(() => emulator.write(`${esc}[yb`)).not.toThrow();
  emulator.write('c');
  expect(emulator.text().trim()).toMatch(/^a.*c$/);
});

test('marks beyond what a cell may hold are dropped, and the next character is where it belongs', () => {
  const emulator = shown(`e${'\u0301'.repeat(100)}f`, 10, 1);
  expect([...emulator.text()]).toHaveLength(17);
  expect(emulator.cursor.x).toBe(2);
});

test.each(['P', '_', '^', 'X', ']0;', '[3'])('a character beyond ASCII does not end ESC %s', (opening) => {
  expect(
    shown(`a${esc}${opening}é🙂${opening === '[3' ? 'm' : `${esc}\\`}b`)
      .text()
      .trim(),
  ).toBe('ab');
});

test.each([
  ...[0x61c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2064, 0x2066, 0x2069, 0x206f],
  ...[0xfeff, 0xfff9, 0xfffb, 0xe0001],
])('U+%i, which nobody sees, takes no column and is not kept', (code) => {
  const mark = String.fromCodePoint(code);
  for (const text of [`a${mark}b`, `${mark}ab`, `ab${mark}`, `${mark}${mark}a${mark}${mark}b`]) {
    const emulator = shown(`${esc}[?7l${text}\r\n${esc}[?7h${text}`, 4, 2);
    expect(emulator.text()).toBe('ab\nab');
    expect(emulator.cursor.x).toBe(2);
  }
});

test('joiners, selectors and tags stay, of which emoji and scripts are made', () => {
  for (const text of ['👩\u200d🚀', '❤\ufe0f', '\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}', '\u0645\u200c\u06cc']) {
    expect(shown(text, 10, 1).text()).toBe(text);
  }
});
