import { expect, test } from 'vitest';
import { textKeys } from '../../src/app/supervisor/prompt-keys.ts';

const pastes = (keys: string) => keys.split('\x1b[200~').slice(1);

test.each<{ text: string; parts: string[] }>([
  { text: '/w/a.png /w/b\\ c.JPG what is\nin it?', parts: ['/w/a.png', '/w/b\\ c.JPG', 'what is\nin it?'] },
  { text: '/w/notes.md read it', parts: ['/w/notes.md read it'] },
  { text: 'look at /w/a.png', parts: ['look at /w/a.png'] },
  { text: '/w/a.png', parts: ['/w/a.png'] },
])('pictures are pastes of their own: $text', ({ text, parts }) => {
  expect(pastes(textKeys(text, true, true))).toEqual(parts.map((part) => `${part}\x1b[201~`));
  expect(pastes(textKeys(text, true, false))).toEqual([`${text}\x1b[201~`]);
  expect(textKeys(text, false, true)).toBe(text);
});
