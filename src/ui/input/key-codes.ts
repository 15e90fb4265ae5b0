/** Numbers of keys and modifiers as the kitty keyboard protocol has them: one number a key, whichever form it came in. */

export const keyCode = { tab: 9, enter: 13, escape: 27, backspace: 127 } as const;

export const modifier = { shift: 1, alt: 2, ctrl: 4, super: 8, hyper: 16, meta: 32 } as const;
/** Caps lock and num lock count as modifiers in the kitty forms; they never make another key. */
export const lockBits = 64 | 128;

const keypadBegin = 57427;

/** Keys without text that have a form of their own: `CSI letter` or `CSI number ~`. */
export const functionForms: ReadonlyMap<number, string> = new Map([
  [57348, '2~'],
  [57349, '3~'],
  [57350, 'D'],
  [57351, 'C'],
  [57352, 'A'],
  [57353, 'B'],
  [57354, '5~'],
  [57355, '6~'],
  [57356, 'H'],
  [57357, 'F'],
  [57364, 'P'],
  [57365, 'Q'],
  [57366, 'R'],
  [57367, 'S'],
  [57368, '15~'],
  [57369, '17~'],
  [57370, '18~'],
  [57371, '19~'],
  [57372, '20~'],
  [57373, '21~'],
  [57374, '23~'],
  [57375, '24~'],
  [keypadBegin, 'E'],
]);

/** In the kitty forms F3 is not `R`: a cursor position report looks the same. */
export const kittyF3 = { code: 57366, form: '13~' } as const;

/** Other forms in which terminals send those keys. */
const furtherForms: [form: string, code: number][] = [
  ['1~', 57356],
  ['7~', 57356],
  ['4~', 57357],
  ['8~', 57357],
  ['11~', 57364],
  ['12~', 57365],
  ['13~', 57366],
  ['14~', 57367],
];

export const codeOfForm: ReadonlyMap<string, number> = new Map([
  ...[...functionForms].map(([code, form]): [string, number] => [form, code]),
  ...furtherForms,
]);

/** Keypad keys that the kitty protocol tells from the others, and what each types or is otherwise. */
export const keypadPlain: ReadonlyMap<number, number> = new Map([
  ...[...'0123456789./*-+'].map((text, index): [number, number] => [57399 + index, text.charCodeAt(0)]),
  [57414, keyCode.enter],
  [57415, 0x3d],
  [57416, 0x2c],
  [57417, 57350],
  [57418, 57351],
  [57419, 57352],
  [57420, 57353],
  [57421, 57354],
  [57422, 57355],
  [57423, 57356],
  [57424, 57357],
  [57425, 57348],
  [57426, 57349],
]);

/** What F13 to F20 send where there is no protocol. */
export const furtherFunctionForms: ReadonlyMap<number, string> = new Map(
  ['25~', '26~', '28~', '29~', '31~', '32~', '33~', '34~'].map((form, index) => [57376 + index, form]),
);

/** Shift, control, the locks and their like as keys of their own. */
export function isModifierKey(code: number): boolean {
  return (code >= 57358 && code <= 57360) || (code >= 57441 && code <= 57454);
}

/** A key that types a character. */
export function isTextKey(code: number): boolean {
  const isFunction = code >= 57344 && code <= 63743;
  return code >= 0x20 && !isFunction && !(code >= 0x7f && code < 0xa0);
}

/** The byte that ctrl makes of a character; null: it makes none. */
export function controlByte(character: string): number | null {
  if (/^[a-z]$/i.test(character)) return character.toLowerCase().charCodeAt(0) - 0x60;
  return controlBytes[character] ?? null;
}

const controlBytes: Record<string, number> = {
  ' ': 0,
  '@': 0,
  '2': 0,
  '[': 27,
  '3': 27,
  '\\': 28,
  '4': 28,
  ']': 29,
  '5': 29,
  '^': 30,
  '6': 30,
  '~': 30,
  _: 31,
  '7': 31,
  '/': 31,
  '8': 127,
  '?': 127,
};
