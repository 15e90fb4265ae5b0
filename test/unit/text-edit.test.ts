import { expect, test } from 'vitest';
import * as edits from '../../src/ui/input/text-edit.ts';

/** A text with `|` for the cursor. */
function at(text: string): edits.TextEdit {
  const [before, after] = text.split('|');
  return { before, after };
}

test.each([
  { edit: edits.backspace, from: 'a漢|b', to: 'a|b' },
  { edit: edits.backspace, from: 'x👩‍👩‍👧|', to: 'x|' },
  { edit: edits.backspace, from: '|a', to: '|a' },
  { edit: edits.deleteNext, from: 'a|e\u0301b', to: 'a|b' },
  { edit: edits.left, from: 'a🇨🇭|b', to: 'a|🇨🇭b' },
  { edit: edits.right, from: 'a|🇨🇭b', to: 'a🇨🇭|b' },
  { edit: edits.home, from: 'one\ntw|o', to: 'one\n|two' },
  { edit: edits.end, from: 'o|ne\ntwo', to: 'one|\ntwo' },
  { edit: edits.deleteToStart, from: 'one\ntw|o', to: 'one\n|o' },
  { edit: edits.deleteToEnd, from: 'o|ne\ntwo', to: 'o|\ntwo' },
  { edit: edits.deleteWord, from: 'fix the  login  |now', to: 'fix the  |now' },
  { edit: (edit: edits.TextEdit) => edits.moveLine(edit, -1), from: '漢字x\nabc|', to: '漢|字x\nabc' },
  { edit: (edit: edits.TextEdit) => edits.moveLine(edit, 1), from: 'abc|\nx', to: 'abc\nx|' },
  { edit: (edit: edits.TextEdit) => edits.moveLine(edit, 1), from: 'abc|', to: 'abc|' },
])('$from becomes $to', ({ edit, from, to }) => {
  const { before, after } = edit(at(from));
  expect(`${before}|${after}`).toBe(to);
});

test.each([
  { text: 'abc|', columns: 8, window: { text: 'abc', cursorX: 3 } },
  { text: 'abcdefgh|', columns: 8, window: { text: 'bcdefgh', cursorX: 7 } },
  { text: '漢字漢字|', columns: 6, window: { text: '漢字', cursorX: 4 } },
  { text: '|漢字漢字', columns: 5, window: { text: '漢字', cursorX: 0 } },
])('$text in $columns columns', ({ text, columns, window }) => {
  expect(edits.lineWindow(at(text), columns)).toEqual(window);
});
