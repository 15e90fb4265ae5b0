import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { quickWidth } from '../../scripts/quick-width.ts';
import { seededRandom } from '../support/random.ts';

const simple = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => quickWidth(character) !== null,
);

test('every character that is measured quickly is as wide as string-width says, alone and before anything that could join it', () => {
  expect(simple.length).toBeGreaterThan(600);
  for (const character of simple) expect(stringWidth(character), character).toBe(quickWidth(character));
});

test('rows of them too', () => {
  const random = seededRandom(7);
  for (let n = 0; n < 2_000; n++) {
    const row = Array.from({ length: 12 }, () => simple[Math.floor(random() * simple.length)]).join('');
    expect(quickWidth(row), row).toBe(stringWidth(row));
    const coloured = `\x1b[1;36m${row.slice(0, 5)}\x1b[39m\x1b[m${row.slice(5)}`;
    expect(quickWidth(coloured), coloured).toBe(stringWidth(coloured));
  }
});

test.each([
  '表',
  '🙂',
  'e\u0301',
  '\u25b6\ufe0f',
  '1\ufe0f\u20e3',
  '\u00ad',
  '\u0000',
  '\x1b]8;;x\x07x',
  '\u200b',
  'ﾊ',
  '\t',
])('%j is left to string-width', (text) => expect(quickWidth(text)).toBeNull());
