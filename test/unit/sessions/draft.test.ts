import { expect, test } from 'vitest';
import { Draft } from '../../../src/sessions/host/draft.ts';

test.each<{ says: string; typed: string[]; isDraft: boolean }>([
  { says: 'letters', typed: ['h', 'i'], isDraft: true },
  { says: 'wide letters that come in pieces', typed: ['\xe6', '\xbc', '\xa2'], isDraft: true },
  { says: 'a line that was sent', typed: ['hi\r'], isDraft: false },
  { says: 'a line that was given up with Ctrl-C', typed: ['hi', '\x03'], isDraft: false },
  { says: 'a line that was taken back with Ctrl-U', typed: ['hi', '\x15'], isDraft: false },
  { says: 'a line that was deleted letter by letter', typed: ['hi', '\x7f', '\x7f'], isDraft: false },
  { says: 'a wide letter that was deleted', typed: ['\xe6\xbc\xa2', '\x7f'], isDraft: false },
  { says: 'half a line that was deleted', typed: ['hey', '\x7f'], isDraft: true },
  { says: 'text with Escape behind it', typed: ['hi', '\x1b'], isDraft: true },
  {
    says: 'arrows, function keys and focus reports',
    typed: ['\x1b[A', '\x1bOB', '\x1b[15~', '\x1b[I', '\x1b[O'],
    isDraft: false,
  },
  { says: 'a sequence that comes in pieces', typed: ['\x1b[', '1;5', 'D'], isDraft: false },
  { says: 'mouse reports', typed: ['\x1b[<0;10;5M', '\x1b[M !!'], isDraft: false },
  { says: 'a paste', typed: ['\x1b[200~a\rb\x1b[201~'], isDraft: true },
  { says: 'a paste whose end comes in pieces, and Enter', typed: ['\x1b[200~ab\x1b[2', '01~', '\r'], isDraft: false },
  { says: 'a new line by Alt-Enter', typed: ['hi', '\x1b\r'], isDraft: true },
  { says: 'a new line by a backslash', typed: ['hi\\', '\r'], isDraft: true },
  { says: 'Enter after Escape', typed: ['hi', '\x1b', '\r'], isDraft: false },
  { says: 'a letter of the kitty protocol', typed: ['\x1b[97u'], isDraft: true },
  { says: 'its Ctrl-C', typed: ['hi', '\x1b[99;5u'], isDraft: false },
  { says: 'its Shift-Enter', typed: ['hi', '\x1b[13;2u'], isDraft: true },
  { says: 'a key of it that was let go', typed: ['\x1b[97;1:3u'], isDraft: false },
  { says: 'Ctrl-U of modifyOtherKeys', typed: ['hi', '\x1b[27;5;117~'], isDraft: false },
])('$says: $isDraft', ({ typed, isDraft }) => {
  const draft = new Draft(false);
  for (const keys of typed) draft.typed(Buffer.from(keys, 'latin1'));
  expect(draft.isDrafting).toBe(isDraft);
});

test('an answer to a dialog is no draft, and does not end one', () => {
  const draft = new Draft(false);
  expect(draft.typed(Buffer.from('1'), true)).toBe(false);
  draft.typed(Buffer.from('half'));
  expect(draft.typed(Buffer.from('y'), true)).toBe(true);
});

test('what an earlier host left is a draft', () => {
  expect(new Draft(true).typed(Buffer.from(''))).toBe(true);
});
