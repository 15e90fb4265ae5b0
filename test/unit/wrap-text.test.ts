import { expect, test } from 'vitest';
import { wrapHanging } from '../../src/ui/kit/wrap-text.ts';

test('a text that fits is one row, to the last column; what does not fit goes on further in', () => {
  expect(wrapHanging('one two three', 13, 4)).toEqual(['one two three']);
  expect(wrapHanging('one two three', 12, 4)).toEqual(['one two', '    three']);
});
