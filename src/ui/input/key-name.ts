import { ForgeError } from '../../base/errors.ts';

/** A key that Forge takes for itself while one types to an agent. */
export interface Key {
  /** As people write it: `ctrl+q`, `f12`. */
  name: string;
  /** What a terminal sends for it in its ordinary mode. */
  bytes: Uint8Array;
  /** Every other whole sequence that terminals send for it (function keys have several). */
  otherForms: readonly string[];
}

/**
 * Reads `ctrl+q`, `ctrl+]` or `f12`. Throws `config.invalid` for what cannot be told from another key, listing what can.
 * `setting` is named in the message.
 */
export function parseKeyName(text: string, setting = 'keys.leader'): Key {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/^control\+|^c-|^\^(?=.)/, 'ctrl+');
  const functionKey = /^f([1-9]|1[0-2])$/.exec(name);
  if (functionKey) {
    const [bytes, ...otherForms] = functionKeyForms(Number(functionKey[1]));
    return { name, bytes: Buffer.from(bytes), otherForms };
  }
  const character = /^ctrl\+(.|space)$/.exec(name)?.[1];
  if (character === undefined) throw unusable(text, setting, 'it is not a key that Forge knows');
  const same = sameAs[character];
  if (same !== undefined) throw unusable(text, setting, `terminals send the same for it as for ${same}`);
  const code = character === 'space' ? 0x20 : character.charCodeAt(0);
  const byte = controlByte(code);
  if (byte === null) throw unusable(text, setting, 'terminals send nothing of its own for it');
  return { name, bytes: Uint8Array.of(byte), otherForms: [] };
}

export const usableKeys =
  'ctrl+a to ctrl+z except ctrl+h, i, j and m; ctrl+space, ctrl+\\, ctrl+], ctrl+^, ctrl+_; f1 to f12';

const sameAs: Record<string, string> = {
  m: 'Enter',
  j: 'a line feed',
  i: 'Tab',
  h: 'Backspace',
  '[': 'Escape',
  '@': 'ctrl+space',
};

function controlByte(code: number): number | null {
  if (code === 0x20) return 0;
  if (code >= 0x61 && code <= 0x7a) return code - 0x60;
  return '\\]^_'.includes(String.fromCharCode(code)) ? code - 0x40 : null;
}

function functionKeyForms(number: number): string[] {
  const codes = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24];
  const tilde = `\u001b[${codes[number - 1]}~`;
  if (number > 4) return [tilde];
  const letter = 'PQRS'[number - 1];
  return [`\u001bO${letter}`, tilde, `\u001b[${letter}`, `\u001b[1;1${letter}`, `\u001b[[${'ABCD'[number - 1]}`];
}

function unusable(text: string, setting: string, why: string): ForgeError {
  return new ForgeError('config.invalid', `${setting} cannot be "${text}": ${why}.`, {
    next: `Choose one of: ${usableKeys}.`,
  });
}
