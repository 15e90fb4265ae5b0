import { expect, test } from 'vitest';
import { addToldPrompt, isToldOf, type ToldPrompt } from '../../src/domain/told-prompt.ts';

const told = (text: string) => addToldPrompt([], { key: 'p', text, at: 1 })[0] as ToldPrompt;
const long = 'the same beginning of it '.repeat(20);

test.each([
  { says: 'the same', sent: 'fix it', taken: 'fix it' },
  { says: 'other blanks', sent: 'fix\n\tit', taken: 'fix it ' },
  { says: 'nothing but signs', sent: '?!', taken: '?!' },
  { says: 'no letters of ours', sent: '漢字 🙂', taken: '漢字 🙂' },
  { says: 'a picture that is left out', sent: '/w/a.png what?', taken: 'what?' },
  { says: 'a mark in its place', sent: '/w/a.png what is that?', taken: '[Image 1] what is that?' },
  { says: 'a picture that is named', sent: '@/w/a.png what?', taken: '@/w/a.png what?' },
  { says: 'what is in a file behind it', sent: '@a.md explain it', taken: '@a.md explain it--- Content ---' },
  { says: 'words that stood before it', sent: 'rebase on main', taken: 'rate limit alwaysrebase on main' },
  { says: 'a long one', sent: long, taken: long.trim() },
])('a prompt is known again: $says', ({ sent, taken }) => {
  expect(isToldOf(told(taken), sent)).toBe(true);
});

test.each([
  { says: 'another', sent: 'fix it', taken: 'look at it' },
  { says: 'one that begins alike', sent: 'fix it', taken: 'fix it again' },
  { says: 'one that ends alike', sent: 'it', taken: 'fix it' },
  { says: 'signs that differ', sent: '?', taken: '!' },
  { says: 'nothing', sent: 'fix it', taken: '' },
])('and not taken for another: $says', ({ sent, taken }) => {
  expect(isToldOf(told(taken), sent)).toBe(false);
});

test('a record that is read again changes nothing; the newest are kept, in order', () => {
  let all: readonly ToldPrompt[] = [];
  for (const at of [3, 1, 2]) all = addToldPrompt(all, { key: `${at}`, text: 'x', at });
  expect(all.map(({ at }) => at)).toEqual([1, 2, 3]);
  expect(addToldPrompt(all, { key: '2', text: 'x', at: 2 })).toBe(all);
  for (let at = 4; at <= 30; at++) all = addToldPrompt(all, { key: `${at}`, text: 'x', at });
  expect([all.length, all.at(-1)?.at]).toEqual([16, 30]);
  expect(addToldPrompt(all, { key: '1', text: 'x', at: 1 })).toBe(all);
});
