import type { ScreenModes } from '../../domain/screen-state.ts';
import {
  codeOfForm,
  controlByte,
  functionForms,
  furtherFunctionForms,
  isModifierKey,
  isTextKey,
  keyCode,
  keypadPlain,
  kittyF3,
  lockBits,
  modifier,
} from './key-codes.ts';

/** One key as any terminal sends it. Sequences are in latin1: one character is one byte. */
export interface KeyPress {
  /** As in `key-codes.ts`: the code point without shift, or the number of a key without text. */
  code: number;
  /** The code point with shift, and that of the same place on a Latin keyboard; 0 when not told. */
  shifted: number;
  base: number;
  /** Bits of `modifier` and `lockBits`. */
  modifiers: number;
  event: 'press' | 'repeat' | 'release';
  /** Code points that it typed; none when not told. */
  text: readonly number[];
}

export type KeyModes = Pick<ScreenModes, 'applicationCursorKeys' | 'kittyKeyboard' | 'modifyOtherKeys'>;

/** Those of a program that asked for nothing. */
export const ordinaryKeys: KeyModes = { applicationCursorKeys: false, kittyKeyboard: 0, modifyOtherKeys: 0 };

/** Flags of the kitty keyboard protocol. */
export const kittyFlag = { disambiguate: 1, events: 2, alternates: 4, allKeys: 8, text: 16 } as const;

/** Reads one whole key in the ordinary form, that of the kitty protocol or that of modifyOtherKeys. Null: none of them. */
export function decodeKey(sequence: string): KeyPress | null {
  if (sequence[0] !== '\u001b' || sequence.length === 1) return decodeCharacter(sequence);
  const ss3 = /^\u001bO([A-HPQRS])$/.exec(sequence);
  if (ss3) return functionKey(ss3[1], '', '');
  const csi = /^\u001b\[([\d:]*)(?:;(\d*)(?::(\d))?)?(?:;([\d:]*))?([A-Za-z~])$/.exec(sequence);
  if (csi) return decodeCsi(csi);
  const isAlt = sequence.length === 2 || (sequence[1] !== '[' && sequence[1] !== 'O');
  const key = isAlt ? decodeCharacter(sequence.slice(1)) : null;
  return key && { ...key, modifiers: key.modifiers | modifier.alt };
}

/** The key as a program with these modes reads it; '' when it asked not to hear of it. */
export function encodeKey(key: KeyPress, modes: KeyModes): string {
  if (modes.kittyKeyboard !== 0) return kittyForm(key, modes);
  const other = modes.modifyOtherKeys === 0 ? null : otherKeyForm(key, modes.modifyOtherKeys);
  return other ?? ordinaryForm(key, modes);
}

/** One key in any form, as a program with these modes reads it; what is no key goes on as it is. */
export function translateKey(sequence: string, modes: KeyModes): string {
  const isOrdinary = modes.kittyKeyboard === 0 && modes.modifyOtherKeys === 0;
  if (isOrdinary && !isExtendedForm(sequence)) {
    const arrow = /^\u001b[[O]([ABCDHF])$/.exec(sequence);
    return arrow ? `\u001b${modes.applicationCursorKeys ? 'O' : '['}${arrow[1]}` : sequence;
  }
  const key = decodeKey(sequence);
  return key === null ? sequence : encodeKey(key, modes);
}

/** A form that only the kitty protocol or modifyOtherKeys has: no program reads it that did not ask. */
export function isExtendedForm(sequence: string): boolean {
  return /^\u001b\[(?:[\d:;]+u|27;\d+;\d+~|[\d;]*:[\d:;]*[A-Z~])$/.test(sequence);
}

const codePointMax = 0x10ffff;

function decodeCsi([, number = '', modifiers = '', event = '', text = '', final = '']: RegExpExecArray) {
  if (final === 'Z') return functionKeyOf(keyCode.tab, modifier.shift, '');
  // xterm: CSI 27 ; modifiers ; code ~. The code is that of the character with shift.
  if (final === '~' && number === '27' && text !== '') {
    return Number(text) > codePointMax ? null : characterKey(Number(text), bitsOf(modifiers));
  }
  if (final !== 'u') return functionKey(`${final === '~' ? number : ''}${final}`, modifiers, event);
  const [code = 0, shifted = 0, base = 0] = number.split(':').map(Number);
  const codePoints = text === '' ? [] : text.split(':').map(Number);
  if ([code, shifted, base, ...codePoints].some((codePoint) => codePoint > codePointMax)) return null;
  return { ...functionKeyOf(code, bitsOf(modifiers), event), shifted, base, text: codePoints };
}

function functionKey(form: string, modifiers: string, event: string): KeyPress | null {
  const code = codeOfForm.get(form);
  return code === undefined ? null : functionKeyOf(code, bitsOf(modifiers), event);
}

function functionKeyOf(code: number, modifiers: number, event: string): KeyPress {
  return { code, shifted: 0, base: 0, modifiers, event: events[event] ?? 'press', text: [] };
}

const events: Record<string, KeyPress['event']> = { '2': 'repeat', '3': 'release' };

function bitsOf(parameter: string): number {
  return Math.max(0, Number(parameter || 1) - 1);
}

/** A character, or the control byte that a key sends. */
function decodeCharacter(bytes: string): KeyPress | null {
  const first = bytes.charCodeAt(0);
  if (bytes.length === 1) {
    if (first === keyCode.enter || first === keyCode.tab || first === keyCode.escape || first === keyCode.backspace)
      return functionKeyOf(first, 0, '');
    if (first === 0) return functionKeyOf(0x20, modifier.ctrl, '');
    if (first < 0x1b) return functionKeyOf(first + 0x60, modifier.ctrl, '');
    if (first < 0x20) return functionKeyOf(first + 0x40, modifier.ctrl, '');
  }
  const [character = '', rest] = [...Buffer.from(bytes, 'latin1').toString('utf8')];
  if (rest !== undefined || character === '\ufffd') return null;
  const code = character.codePointAt(0) ?? 0;
  return isTextKey(code) ? { ...characterKey(code, 0), text: [code] } : null;
}

/** A capital letter is its small one with shift. */
function characterKey(code: number, modifiers: number): KeyPress {
  const character = String.fromCodePoint(code);
  const small = character.toLowerCase();
  const isCapital = small !== character && [...small].length === 1;
  const key = functionKeyOf(small.codePointAt(0) ?? code, modifiers, '');
  return isCapital ? { ...key, modifiers: modifiers | modifier.shift, shifted: code } : key;
}

function ordinaryForm(key: KeyPress, { applicationCursorKeys }: Pick<KeyModes, 'applicationCursorKeys'>): string {
  if (key.event === 'release') return '';
  const code = keypadPlain.get(key.code) ?? key.code;
  const bits = key.modifiers & (modifier.shift | modifier.alt | modifier.ctrl);
  const form = functionForms.get(code) ?? furtherFunctionForms.get(code);
  if (form !== undefined) {
    const isSs3 = bits === 0 && (/[PQRS]/.test(form) || (applicationCursorKeys && /[A-H]/.test(form)));
    return isSs3 ? `\u001bO${form}` : csiForm(form, bits, '');
  }
  const isForWindow = key.modifiers & (modifier.super | modifier.hyper | modifier.meta);
  const plain = isForWindow ? null : (specialForm(code, bits) ?? textForm({ ...key, code }, bits));
  if (plain === null) return '';
  return bits & modifier.alt ? `\u001b${plain}` : plain;
}

/** Enter, Tab, Escape and Backspace hold one byte whatever is held with them, but shift-Tab and ctrl-Backspace. */
function specialForm(code: number, bits: number): string | null {
  if (code === keyCode.enter) return '\r';
  if (code === keyCode.tab) return bits & modifier.shift ? '\u001b[Z' : '\t';
  if (code === keyCode.escape) return '\u001b';
  if (code === keyCode.backspace) return bits & modifier.ctrl ? '\b' : '\u007f';
  return null;
}

function textForm(key: KeyPress, bits: number): string | null {
  if (!isTextKey(key.code)) return null;
  const small = String.fromCodePoint(key.code);
  const typed = String.fromCodePoint(typedCode(key));
  if (bits & modifier.ctrl) {
    // On a keyboard that is not Latin ctrl goes with the place of the key.
    const byte = controlByte(small) ?? controlByte(typed) ?? controlByte(String.fromCodePoint(key.base));
    if (byte !== null) return String.fromCharCode(byte);
  }
  return utf8(key.text.length > 0 ? String.fromCodePoint(...key.text) : typed);
}

/** With shift: what was told, or the capital of a letter; of other characters the keyboard's layout is not known. */
function typedCode(key: KeyPress): number {
  if (!(key.modifiers & modifier.shift)) return key.code;
  if (key.shifted !== 0) return key.shifted;
  const capital = isTextKey(key.code) ? [...String.fromCodePoint(key.code).toUpperCase()] : [];
  return capital.length === 1 ? (capital[0]?.codePointAt(0) ?? key.code) : key.code;
}

/** xterm's form for a key that the ordinary ones cannot tell from another; null: it has an ordinary one. */
function otherKeyForm(key: KeyPress, level: number): string | null {
  const bits = key.modifiers & (modifier.shift | modifier.alt | modifier.ctrl);
  const isSpecial =
    key.code === keyCode.enter ||
    key.code === keyCode.tab ||
    key.code === keyCode.escape ||
    key.code === keyCode.backspace;
  if (key.event === 'release' || bits === 0 || !(isSpecial || isTextKey(key.code))) return null;
  if (!isSpecial && bits === modifier.shift) return null;
  if (level === 1 && !isOtherAtFirstLevel(key, bits)) return null;
  return `\u001b[27;${1 + bits};${typedCode(key)}~`;
}

/** At level 1 what has a well-known form keeps it: alt with a letter, ctrl with a letter, shift-Tab, Backspace, Escape. */
function isOtherAtFirstLevel(key: KeyPress, bits: number): boolean {
  if (key.code === keyCode.enter) return true;
  if (key.code === keyCode.tab) return bits !== modifier.shift;
  const hasByte = controlByte(String.fromCodePoint(key.code)) !== null;
  return isTextKey(key.code) && (bits & modifier.ctrl) !== 0 && !hasByte;
}

function kittyForm(key: KeyPress, modes: KeyModes): string {
  const { disambiguate, events: eventsFlag, allKeys } = kittyFlag;
  const flags = modes.kittyKeyboard;
  const isAll = (flags & allKeys) !== 0;
  const bits = key.modifiers & ~lockBits;
  const isRelease = key.event === 'release';
  if (isRelease && !(flags & eventsFlag)) return '';
  if (!isAll) {
    if (isModifierKey(key.code)) return '';
    const isTyped = isTextKey(key.code) && (bits & ~modifier.shift) === 0;
    // What types text, and what a shell needs after a program that died, keeps its ordinary form.
    const isLine =
      bits === 0 && (key.code === keyCode.enter || key.code === keyCode.tab || key.code === keyCode.backspace);
    if (isLine && isRelease) return '';
    if ((isTyped || isLine) && !isRelease) return ordinaryForm(key, modes);
    const hasEvent = (flags & eventsFlag) !== 0 && key.event !== 'press';
    if (!(flags & disambiguate) && !hasEvent) return ordinaryForm(key, modes);
  }
  const modifiers = isAll || !isTextKey(key.code) ? key.modifiers : bits;
  const event = flags & eventsFlag && key.event !== 'press' ? `:${key.event === 'repeat' ? 2 : 3}` : '';
  const code = flags & disambiguate || isAll ? key.code : (keypadPlain.get(key.code) ?? key.code);
  const form = code === kittyF3.code ? kittyF3.form : functionForms.get(code);
  if (form !== undefined) return csiForm(form, modifiers, event);
  const text = isAll && flags & kittyFlag.text && !isRelease ? typedText(key) : '';
  const middle = modifiers === 0 && event === '' ? '' : `${1 + modifiers}${event}`;
  const tail = text === '' ? (middle === '' ? '' : `;${middle}`) : `;${middle};${text}`;
  return `\u001b[${code}${flags & kittyFlag.alternates ? alternates(key) : ''}${tail}u`;
}

/** The code points that the key types, where only the key was told. */
function typedText(key: KeyPress): string {
  if (key.text.length > 0) return key.text.join(':');
  const isTyped = isTextKey(key.code) && (key.modifiers & ~lockBits & ~modifier.shift) === 0;
  if (!isTyped) return '';
  return String(typedCode(key));
}

function alternates(key: KeyPress): string {
  const shifted = key.modifiers & modifier.shift && key.shifted !== 0 ? String(key.shifted) : '';
  const base = key.base === 0 || key.base === key.code ? '' : `:${key.base}`;
  return shifted === '' && base === '' ? '' : `:${shifted}${base}`;
}

function csiForm(form: string, modifiers: number, event: string): string {
  const number = form.slice(0, -1);
  const final = form.slice(-1);
  const parameter = modifiers === 0 && event === '' ? '' : `;${1 + modifiers}${event}`;
  return `\u001b[${number === '' && parameter !== '' ? '1' : number}${parameter}${final}`;
}

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
