import { expect, test } from 'vitest';
import { decodeKey, encodeKey, isExtendedForm, type KeyModes } from '../../src/ui/input/key-encoding.ts';

const ordinary: KeyModes = { applicationCursorKeys: false, kittyKeyboard: 0, modifyOtherKeys: 0 };

/** ESC is written `^`, as people write keys; a byte above ASCII in latin1. */
const bytes = (text: string) => text.replaceAll('^', '\u001b');
const shown = (text: string) => text.replaceAll('\u001b', '^');

function reads(sequence: string, modes: Partial<KeyModes> = {}): string {
  const key = decodeKey(bytes(sequence));
  return key === null ? 'not a key' : shown(encodeKey(key, { ...ordinary, ...modes }));
}

// Each row: what is pressed, in the ordinary form, with kitty's flags 1 and 1 + 8, with modifyOtherKeys 2 and 1.
const keys: [name: string, ordinary: string, one: string, all: string, other: string, first: string][] = [
  ['a', 'a', 'a', '^[97u', 'a', 'a'],
  ['shift+a', 'A', 'A', '^[97;2u', 'A', 'A'],
  ['ctrl+a', '\x01', '^[97;5u', '^[97;5u', '^[27;5;97~', '\x01'],
  ['alt+a', '^a', '^[97;3u', '^[97;3u', '^[27;3;97~', '^a'],
  ['alt+shift+a', '^A', '^[97;4u', '^[97;4u', '^[27;4;65~', '^A'],
  ['ctrl+alt+a', '^\x01', '^[97;7u', '^[97;7u', '^[27;7;97~', '^\x01'],
  ['ctrl+space', '\0', '^[32;5u', '^[32;5u', '^[27;5;32~', '\0'],
  ['ctrl+]', '\x1d', '^[93;5u', '^[93;5u', '^[27;5;93~', '\x1d'],
  ['alt+[', '^[', '^[91;3u', '^[91;3u', '^[27;3;91~', '^['],
  ['alt+O', '^O', '^[111;4u', '^[111;4u', '^[27;4;79~', '^O'],
  ['1', '1', '1', '^[49u', '1', '1'],
  ['é', '\u00c3\u00a9', '\u00c3\u00a9', '^[233u', '\u00c3\u00a9', '\u00c3\u00a9'],
  ['alt+é', '^\u00c3\u00a9', '^[233;3u', '^[233;3u', '^[27;3;233~', '^\u00c3\u00a9'],
  ['Enter', '\r', '\r', '^[13u', '\r', '\r'],
  ['Tab', '\t', '\t', '^[9u', '\t', '\t'],
  ['Backspace', '\x7f', '\x7f', '^[127u', '\x7f', '\x7f'],
  ['Escape', '^', '^[27u', '^[27u', '^', '^'],
  ['alt+Enter', '^\r', '^[13;3u', '^[13;3u', '^[27;3;13~', '^[27;3;13~'],
  ['shift+Tab', '^[Z', '^[9;2u', '^[9;2u', '^[27;2;9~', '^[Z'],
  ['alt+Backspace', '^\x7f', '^[127;3u', '^[127;3u', '^[27;3;127~', '^\x7f'],
  ['up', '^[A', '^[A', '^[A', '^[A', '^[A'],
  ['ctrl+left', '^[1;5D', '^[1;5D', '^[1;5D', '^[1;5D', '^[1;5D'],
  ['Home', '^[H', '^[H', '^[H', '^[H', '^[H'],
  ['shift+End', '^[1;2F', '^[1;2F', '^[1;2F', '^[1;2F', '^[1;2F'],
  ['Delete', '^[3~', '^[3~', '^[3~', '^[3~', '^[3~'],
  ['ctrl+PageUp', '^[5;5~', '^[5;5~', '^[5;5~', '^[5;5~', '^[5;5~'],
  ['F1', '^OP', '^[P', '^[P', '^OP', '^OP'],
  ['F3', '^OR', '^[13~', '^[13~', '^OR', '^OR'],
  ['shift+F3', '^[1;2R', '^[13;2~', '^[13;2~', '^[1;2R', '^[1;2R'],
  ['F12', '^[24~', '^[24~', '^[24~', '^[24~', '^[24~'],
];

test.each(keys)('%s, from each form to each', (_name, plain, one, all, other, first) => {
  for (const form of [plain, one, all, other, first]) {
    expect([
      reads(form),
      reads(form, { kittyKeyboard: 1 }),
      reads(form, { kittyKeyboard: 9 }),
      reads(form, { modifyOtherKeys: 2 }),
      reads(form, { modifyOtherKeys: 1 }),
    ]).toEqual([plain, one, all, other, first]);
  }
});

// What the ordinary form cannot tell from another key.
test.each([
  ['shift+Enter', '^[13;2u', '\r', '^[27;2;13~'],
  ['ctrl+Enter', '^[13;5u', '\r', '^[27;5;13~'],
  ['ctrl+Backspace', '^[127;5u', '\b', '^[27;5;127~'],
  ['ctrl+i', '^[105;5u', '\t', '^[27;5;105~'],
  ['ctrl+m', '^[109;5u', '\r', '^[27;5;109~'],
  ['ctrl+[', '^[91;5u', '^', '^[27;5;91~'],
  ['ctrl+shift+a', '^[97;6u', '\x01', '^[27;6;65~'],
  ['ctrl+1', '^[49;5u', '1', '^[27;5;49~'],
  ['ctrl+,', '^[44;5u', ',', '^[27;5;44~'],
])('%s is told from its like only where it can be', (_name, kitty, plain, other) => {
  for (const form of [kitty, other]) {
    expect([reads(form), reads(form, { kittyKeyboard: 1 }), reads(form, { modifyOtherKeys: 2 })]).toEqual([
      plain,
      kitty,
      other,
    ]);
  }
});

test('modifyOtherKeys 1 keeps well-known forms and tells the rest', () => {
  const first = { modifyOtherKeys: 1 as const };
  expect([reads('^[105;5u', first), reads('^[13;2u', first), reads('^[49;5u', first)]).toEqual([
    '\t',
    '^[27;2;13~',
    '^[27;5;49~',
  ]);
  expect(reads('^[44;5u', first)).toBe('^[27;5;44~');
});

test('cursor keys follow their mode, but not with modifiers nor in the kitty form', () => {
  const application = { applicationCursorKeys: true };
  expect([reads('^[A', application), reads('^OH', application), reads('^[1;5A', application)]).toEqual([
    '^OA',
    '^OH',
    '^[1;5A',
  ]);
  expect(reads('^OA', { ...application, kittyKeyboard: 1 })).toBe('^[A');
});

test.each([
  ['repeat and release are told to who asked', '^[97;5:3u', 3, '^[97;5:3u'],
  ['', '^[97;5:2u', 3, '^[97;5:2u'],
  ['not to others', '^[97;5:3u', 1, ''],
  ['', '^[97;5:2u', 1, '^[97;5u'],
  ['', '^[1;1:3A', 0, ''],
  ['arrows too', '^[1;1:3A', 2, '^[1;1:3A'],
  ['Enter is let go unheard', '^[13;1:3u', 3, ''],
  ['but where all keys are asked for', '^[13;1:3u', 10, '^[13;1:3u'],
  ['alternates', '^[97:65;6u', 5, '^[97:65;6u'],
  ['', '^[1081::113;5u', 5, '^[1081::113;5u'],
  ['', '^[97:65;6u', 1, '^[97;6u'],
  ['text', '^[97;;97u', 24, '^[97;;97u'],
  ['of a capital letter', 'A', 24, '^[97;2;65u'],
  ['', '^[97;2;65u', 8, '^[97;2u'],
  ['num lock makes no other key', '^[97;133u', 0, '\x01'],
  ['', '^[97;133u', 1, '^[97;5u'],
  ['', '^[1;129A', 0, '^[A'],
  ['a modifier alone', '^[57441;2u', 0, ''],
  ['', '^[57441;2u', 1, ''],
  ['', '^[57441;2u', 8, '^[57441;2u'],
  ['keypad', '^[57400u', 0, '1'],
  ['', '^[57400u', 1, '^[57400u'],
  ['', '^[57414u', 0, '\r'],
  ['', '^[57419u', 0, '^[A'],
  ['F13', '^[57376u', 0, '^[25~'],
  ['', '^[57376u', 1, '^[57376u'],
  ['super belongs to the desktop', '^[97;9u', 0, ''],
  ['', '^[97;9u', 1, '^[97;9u'],
  ['ctrl on a Cyrillic keyboard', '^[1081::113;5u', 0, '\x11'],
])('%s %s with flags %i', (_name, sequence, kittyKeyboard, expected) => {
  expect(reads(sequence, { kittyKeyboard })).toBe(expected);
});

test.each(['^[', '^[1;5', '^[?1u', '^[99999999u', '^[27;5;99999999~', '\u00ff', 'ab', '^[5c', '^Oz'])(
  '%j is no key but what it says',
  (sequence) => {
    expect(reads(sequence)).toBe(sequence === '^[' ? '^[' : 'not a key');
  },
);

test('forms that only a program reads that asked for them', () => {
  expect(['^[97u', '^[13;2u', '^[27;5;97~', '^[1;1:3A', '^[3;1:2~'].map(bytes).every(isExtendedForm)).toBe(true);
  expect(['^[A', '^[1;5A', '^[3~', '^[27~', 'a', '^a', '^OP', '^[Z'].map(bytes).some(isExtendedForm)).toBe(false);
});
