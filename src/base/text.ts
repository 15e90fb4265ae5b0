import { stripVTControlCharacters } from 'node:util';

/**
 * Text from agents, repositories and people, made safe to show in a list, a title or a log: control characters (C0, C1),
 * bidirectional overrides and zero-width characters that hide or reorder text become a visible mark. Panes show agents'
 * own bytes through an emulator instead; everything else goes through here.
 */
export function plainText(text: string): string {
  return text.replace(unsafeCharacters, (character) => (whitespace.test(character) ? ' ' : '\u{fffd}'));
}

/** Output of a program as lines of safe text: without colours, and of a line that was written over the last state. */
export function plainLines(text: string): string {
  const lines = stripVTControlCharacters(text).split('\n');
  return lines.map((line) => plainText(line.replace(/\r+$/, '').split('\r').at(-1) ?? '')).join('\n');
}

// Zero-width joiner (200d) and variation selectors stay: emoji are made of them.
const unsafeCharacters =
  /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const whitespace = /[\t\n\r\u2028\u2029]/u;
