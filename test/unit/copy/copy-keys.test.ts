import { describe, expect, test } from 'vitest';
import { type CopyEffect, copyKeys, pressCopyKey } from '../../../src/ui/copy/copy-keys.ts';
import type { CopyLines } from '../../../src/ui/copy/copy-lines.ts';
import { type CopyState, startCopying } from '../../../src/ui/copy/copy-mode.ts';
import { linesOf } from '../../support/history.ts';

/** Presses keys one after another, from `line` and `column` of a view of `rows` lines. */
function pressed(lines: CopyLines, [line, column]: [number, number], keys: string[], rows = 4) {
  let state: CopyState = startCopying(lines, rows, { line, column });
  let effect: CopyEffect | null = null;
  for (const key of keys) ({ state, effect } = pressCopyKey(state, lines, key));
  return { state, effect };
}

function placeAfter(lines: CopyLines, from: [number, number], keys: string[], rows = 4): [number, number] {
  const { cursor } = pressed(lines, from, keys, rows).state;
  return [cursor.line, cursor.column];
}

function copied(lines: CopyLines, from: [number, number], keys: string[]): string | null {
  const { effect } = pressed(lines, from, keys);
  return effect?.kind === 'copy' ? effect.text : null;
}

const prose = linesOf([
  'let one = two(3);',
  '',
  '  deep 漢字 end  ',
  'x',
  '',
  '',
  'a long line that wraps into the next row',
  'last',
]);
// The long line has the rows 6, 7; `last` is row 8.

describe('motions', () => {
  test.each<[string, [number, number], string[], [number, number]]>([
    ['l goes right', [0, 0], ['l'], [0, 1]],
    ['l stops at the end of the line', [3, 0], ['l', 'right', ' '], [3, 0]],
    ['h goes left', [0, 4], ['h', 'left'], [0, 2]],
    ['h stops at the beginning', [2, 1], ['h', 'h', 'h'], [2, 0]],
    ['l steps over a whole wide character', [2, 7], ['l', 'l'], [2, 11]],
    ['h lands on its left half', [2, 11], ['h'], [2, 9]],
    ['j into a wide character stands on its left half', [0, 8], ['j', 'j'], [2, 7]],
    ['j keeps its column over shorter lines', [0, 14], ['j', 'j', 'j', 'j', 'j', 'j'], [6, 14]],
    ['k goes up', [3, 0], ['k', 'up'], [1, 0]],
    ['l goes on in the row that a line wraps into', [6, 19], ['l'], [7, 0]],
    ['h comes back from there', [7, 0], ['h'], [6, 19]],
    ['w to the next word', [0, 0], ['w'], [0, 4]],
    ['w tells words and marks apart', [0, 8], ['w', 'w', 'w', 'w'], [0, 15]],
    ['w stops at an empty line', [0, 15], ['w'], [1, 0]],
    ['w to the first word of the next line', [1, 0], ['w'], [2, 2]],
    ['w takes wide characters as a word', [2, 2], ['w', 'w'], [2, 12]],
    ['b to the word before', [2, 12], ['b', 'b'], [2, 2]],
    ['b stops at an empty line', [2, 2], ['b'], [1, 0]],
    ['b to the beginning of its own word', [0, 6], ['b'], [0, 4]],
    ['b at the oldest character stays', [0, 0], ['b'], [0, 0]],
    ['e to the end of the word', [0, 0], ['e'], [0, 2]],
    ['e on to the next', [0, 2], ['e'], [0, 6]],
    ['e over empty lines', [0, 16], ['e'], [2, 5]],
    ['e to the left half of the last wide character', [2, 5], ['e'], [2, 9]],
    ['w across the edge where a line wraps', [6, 15], ['w', 'w'], [7, 3]],
    ['0 to the beginning', [0, 9], ['0'], [0, 0]],
    ['0 to the beginning of a wrapped line', [7, 9], ['home'], [6, 0]],
    ['^ to the first letter', [2, 9], ['^'], [2, 2]],
    ['$ to the last character', [0, 0], ['$'], [0, 16]],
    ['$ to the end of a wrapped line', [6, 3], ['end'], [7, 19]],
    ['$ then j keeps to the ends', [2, 0], ['$', 'j'], [3, 0]],
    ['g to the oldest line', [8, 2], ['g'], [0, 0]],
    ['G to the newest', [0, 5], ['G'], [8, 0]],
    ['H to the top of what is seen', [8, 0], ['H'], [5, 0]],
    ['M to the middle', [8, 0], ['M'], [6, 0]],
    ['L to the bottom', [6, 0], ['L'], [8, 0]],
    ['ctrl+u half a page up', [8, 0], ['ctrl+u'], [6, 0]],
    ['ctrl+d half a page down', [2, 0], ['ctrl+d'], [4, 0]],
    ['pageup', [8, 0], ['pageup', 'ctrl+b'], [4, 0]],
    ['pagedown', [0, 0], ['pagedown', 'ctrl+f'], [4, 0]],
    ['pageup at the top goes to the oldest line', [1, 0], ['pageup'], [0, 0]],
    ['} to the empty line below', [2, 0], ['}'], [4, 0]],
    ['} from an empty line goes past the paragraph', [1, 0], ['}'], [4, 0]],
    ['} at the end goes to the last character', [8, 0], ['}'], [8, 3]],
    ['{ to the empty line above', [3, 0], ['{'], [1, 0]],
    ['{ at the beginning goes to the first character', [0, 8], ['{'], [0, 0]],
    ['a letter that means nothing does nothing', [0, 3], ['z', 'Q', 'x'], [0, 3]],
  ])('%s', (_name, from, keys, to) => {
    expect(placeAfter(prose, from, keys)).toEqual(to);
  });

  test('the view follows the cursor, and pages move both', () => {
    const lines = linesOf(Array.from({ length: 30 }, (_, index) => `row ${index}`));
    expect(pressed(lines, [29, 0], []).state.top).toBe(26);
    expect(pressed(lines, [29, 0], ['k', 'k', 'k', 'k']).state.top).toBe(25);
    expect(pressed(lines, [29, 0], ['pageup']).state).toMatchObject({ top: 24, cursor: { line: 27 } });
    expect(pressed(lines, [29, 0], ['g']).state.top).toBe(0);
    expect(pressed(lines, [29, 0], ['g', 'ctrl+d']).state).toMatchObject({ top: 2, cursor: { line: 2 } });
  });

  test('a history that is shorter than the pane', () => {
    const lines = linesOf(['one', 'two'], 20, 2);
    expect(pressed(lines, [1, 0], ['pageup'], 10).state).toMatchObject({ top: 0, cursor: { line: 0 } });
    expect(placeAfter(lines, [0, 0], ['L'], 10)).toEqual([1, 0]);
  });

  test('each key means one thing', () => {
    const keys = copyKeys.flatMap((row) => row.keys);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });
});

describe('what is copied', () => {
  test.each<[string, [number, number], string[], string]>([
    ['characters, the one under the cursor with them', [0, 4], ['v', 'e', 'y'], 'one'],
    ['backwards just the same', [0, 6], ['v', 'h', 'h', 'enter'], 'one'],
    ['over lines, without trailing blanks', [2, 12], ['v', 'j', 'y'], 'end\nx'],
    ['empty lines stay', [3, 0], ['v', 'j', 'j', 'j', 'y'], 'x\n\n\na'],
    ['a wrapped line is one line', [6, 0], ['V', 'y'], 'a long line that wraps into the next row'],
    ['a part of a wrapped line too', [6, 17], ['v', 'w', 'w', 'w', 'e', 'y'], 'wraps into the next'],
    ['a wide character whole, from its left half', [2, 7], ['v', 'y'], '漢'],
    ['lines whole, whatever the column', [2, 9], ['V', 'j', 'y'], '  deep 漢字 end\nx'],
    ['Y the line under the cursor', [7, 4], ['Y'], 'a long line that wraps into the next row'],
    ['o goes to the other end, which then moves', [0, 4], ['v', 'e', 'o', 'b', 'y'], 'let one'],
    ['v on a selection of lines makes it one of characters', [0, 0], ['V', 'e', 'v', 'y'], 'let'],
  ])('%s', (_name, from, keys, text) => {
    expect(copied(prose, from, keys)).toBe(text);
  });

  const columns = linesOf(['ab漢cd', 'abcdef', 'a', '漢字漢字']);
  test.each<[string, [number, number], string[], string]>([
    ['a block of columns', [0, 0], ['ctrl+v', 'j', 'l', 'y'], 'ab\nab'],
    ['wide characters that begin in it are whole', [0, 2], ['ctrl+v', 'j', 'y'], '漢\nc'],
    ['what is cut at its left edge is a blank', [1, 1], ['ctrl+v', 'l', 'l', 'j', 'j', 'y'], 'bc\n\n 字'],
    ['a line that is too short has a row of its own', [0, 4], ['ctrl+v', 'j', 'j', 'y'], 'c\ne\n'],
  ])('%s', (_name, from, keys, text) => {
    expect(copied(columns, from, keys)).toBe(text);
  });

  test('a wide character that did not fit leaves no blank where the line wraps', () => {
    const lines = linesOf(['abc漢字漢字漢字'], 6);
    expect(copied(lines, [0, 0], ['V', 'y'])).toBe('abc漢字漢字漢字');
  });

  test('blanks at the edge where a line wraps are text', () => {
    expect(copied(linesOf(['abc   def'], 6), [0, 0], ['V', 'y'])).toBe('abc   def');
  });

  test('emoji and accents are whole', () => {
    expect(copied(linesOf(['👩‍👩‍👧 é👍🏽 x']), [0, 0], ['v', '$', 'y'])).toBe('👩‍👩‍👧 é👍🏽 x');
  });

  test('nothing selected: says how to, and stays', () => {
    expect(pressed(prose, [0, 0], ['y']).effect).toMatchObject({ kind: 'say' });
  });
});

describe('search', () => {
  const log = linesOf([
    'Error one',
    'fine',
    'an error (2)',
    'fine 漢字 error',
    'this line is so long that error wraps',
    'end',
  ]);
  // `error` stands at 0:0, 2:3, 3:10, 4:... the long line has rows 4 and 5.

  test.each<[string, [number, number], string[], [number, number]]>([
    ['/ to the next, as it is typed', [1, 0], ['/', 'e', 'r', 'r'], [2, 3]],
    ['? to the one before', [2, 0], ['?', 'e', 'r', 'r', 'o', 'r'], [0, 0]],
    ['a capital letter makes case count', [1, 0], ['/', 'E', 'r'], [0, 0]],
    ['round the end', [6, 0], ['/', 'e', 'r', 'r', 'enter'], [0, 0]],
    ['n on, N back', [0, 0], ['/', 'e', 'r', 'r', 'enter', 'n', 'n', 'N'], [3, 10]],
    ['n after ? goes up', [6, 0], ['?', 'e', 'r', 'r', 'enter', 'n'], [3, 10]],
    ['columns behind wide characters', [2, 5], ['/', 'e', 'r', 'r', 'o', 'r'], [3, 10]],
    ['across the edge where a line wraps', [0, 0], ['/', 'l', 'o', 'n', 'g', ' ', 't', 'h', 'a', 't'], [4, 16]],
    ['text that is a pattern is text', [0, 0], ['/', '(', '2', ')'], [2, 9]],
    ['wide characters', [0, 0], ['/', '字'], [3, 7]],
    ['backspace looks for less', [0, 0], ['/', 'f', 'x', 'backspace'], [1, 0]],
    ['escape goes back to where it began', [1, 2], ['/', 'e', 'r', 'r', 'escape'], [1, 2]],
    ['backspace on nothing as well', [1, 2], ['/', 'e', 'backspace', 'backspace'], [1, 2]],
    ['what is nowhere moves nothing', [1, 2], ['/', 'z', 'z', 'enter'], [1, 2]],
    ['an empty search looks on for the last', [0, 0], ['/', 'e', 'r', 'r', 'enter', '/', 'enter'], [3, 10]],
    ['q and v in a search are letters', [0, 0], ['/', 'q', 'v', 'escape'], [0, 0]],
  ])('%s', (_name, from, keys, to) => {
    expect(placeAfter(log, from, keys)).toEqual(to);
  });

  test('counts, and tells which one it is at', () => {
    const { search } = pressed(log, [6, 0], ['/', 'e', 'r', 'r', 'enter', 'n', 'n']).state;
    expect(search?.matches.map(({ start }) => [start.line, start.column])).toEqual([
      [0, 0],
      [2, 3],
      [3, 10],
      [5, 6],
    ]);
    expect(search?.current).toBe(2);
  });

  test('a match over the edge has both ends', () => {
    const { search } = pressed(log, [0, 0], ['/', ...'long that', 'enter']).state;
    expect(search?.matches).toEqual([{ start: { line: 4, column: 16 }, end: { line: 5, column: 4 } }]);
  });

  test('escape ends the selection, then the search, then leaves', () => {
    const keys = ['/', 'e', 'r', 'enter', 'v', 'l'];
    expect(pressed(log, [0, 0], keys).state.anchor).not.toBeNull();
    const once = pressed(log, [0, 0], [...keys, 'escape']);
    expect([once.state.anchor, once.state.search?.text, once.effect]).toEqual([null, 'er', null]);
    const twice = pressed(log, [0, 0], [...keys, 'escape', 'escape']);
    expect([twice.state.search, twice.effect]).toEqual([null, null]);
    expect(pressed(log, [0, 0], [...keys, 'escape', 'escape', 'escape']).effect).toEqual({ kind: 'leave' });
  });

  test('of too many matches the newest are kept', () => {
    const lines = linesOf(Array.from({ length: 3_000 }, (_, index) => `aaaaaaaaaa ${index}`));
    const { search } = pressed(lines, [2_999, 0], ['/', 'a']).state;
    expect(search?.matches.length).toBe(10_000);
    expect(search?.matches.at(-1)?.start).toEqual({ line: 2_999, column: 9 });
  });
});
