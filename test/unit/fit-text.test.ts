import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { fitText } from '../../src/ui/kit/fit-text.ts';

test.each([
  ['short', 8, 'short   '],
  ['exactly8', 8, 'exactly8'],
  ['longer than that', 8, 'longer …'],
  ['漢字漢字漢字', 7, '漢字漢…'],
  // The next would be halved.
  ['漢字漢字漢字', 8, '漢字漢… '],
  ['👩‍👩‍👧‍👦 family', 4, '👩‍👩‍👧‍👦 …'],
  ['é combined', 3, 'é …'],
  ['שלום עולם', 5, 'שלום…'],
  ['x', 0, ''],
])('%s in %i cells', (text, cols, fitted) => {
  expect(fitText(text, cols)).toBe(fitted);
  expect(stringWidth(fitted)).toBe(cols);
});

test('numbers stand to the right', () => {
  expect(fitText('$1.20', 8, true)).toBe('   $1.20');
});
