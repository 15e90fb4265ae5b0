import { cutCharacter } from './cut-character.ts';

/**
 * Stands before the parser and takes away what makes a parser stall or grow: 14 bytes such as `CSI 999999999 b` freeze
 * xterm.js for up to 39 s, and a string that never ends is kept whole. Works on any split of the stream. Passes characters
 * whole: of one that comes in pieces xterm.js forgets a first piece that ends with the byte 80.
 *
 * Where a broken stream leaves it in doubt it errs towards being inside a sequence: it then drops digits of text, which is
 * harmless, and never lets a number pass that the parser would read.
 */

/** Largest number in a control sequence. Nothing on a screen of 1,000 columns needs more; at this the worst takes 13 ms. */
export const parameterMax = 9_999;

/** Longest control sequence, in bytes; a longer one is cancelled. Real ones stay below 100. */
const sequenceBytesMax = 512;

/** Longest OSC, DCS, APC, PM or SOS string, in bytes; the rest up to its end is dropped. */
export const stringBytesMax = 256 * 1024;

const esc = 0x1b;
const leftBracket = 0x5b;
const cancel = 0x18;
const substitute = 0x1a;
const bell = 0x07;
const colon = 0x3a;
const semicolon = 0x3b;
const c1Lead = 0xc2;
const stringTerminator = '\\';

/** `intermediate`: as in ESC ( 0, between the second character and the last. */
type Mode = 'ground' | 'escape' | 'intermediate' | 'sequence' | 'osc' | 'string';

/** A number of so many digits is never above `parameterMax`. */
const sureDigits = 4;

const nothing = new Uint8Array(0);

export class ClampFilter {
  #mode: Mode = 'ground';
  /** The last byte was the first of a two-byte UTF-8 character that may be a C1 control (C2 80 to C2 9F). */
  #isAfterC2 = false;
  #value = 0;
  #length = 0;
  /** What was passed on of the sequence that is not complete yet. */
  #unfinished: Uint8Array[] = [];
  /** The first bytes of a character whose last have not come. */
  #held: Uint8Array = nothing;

  /** What may be parsed of `bytes` and of what was held before. The same array when there is nothing to change. */
  filter(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const cut = cutCharacter(all);
    this.#held = cut === 0 ? nothing : Uint8Array.from(all.subarray(all.length - cut));
    return this.#filterWhole(cut === 0 ? all : all.subarray(0, all.length - cut));
  }

  #filterWhole(bytes: Uint8Array): Uint8Array {
    if (this.#mode === 'ground' && !this.#isAfterC2 && bytes.indexOf(esc) < 0 && bytes.indexOf(c1Lead) < 0) {
      return bytes;
    }
    const kept = new Uint8Array(bytes.length);
    let length = 0;
    // Where the present sequence began in `kept`; 0 when that was in an earlier chunk.
    let start = 0;
    let isContinued = this.#mode !== 'ground';
    for (let at = 0; at < bytes.length; at++) {
      if (this.#mode === 'ground' && !this.#isAfterC2) {
        while (at < bytes.length && bytes[at] !== esc && bytes[at] !== c1Lead) kept[length++] = bytes[at++] as number;
        if (at === bytes.length) break;
        const end = endOfPlainSequence(bytes, at);
        if (end > at) {
          while (at < end) kept[length++] = bytes[at++] as number;
          at -= 1;
          continue;
        }
      }
      const byte = bytes[at] as number;
      const wasAfterC2 = this.#isAfterC2;
      const out = this.#step(byte);
      const isC1 = wasAfterC2 && byte >= 0x80 && byte <= 0x9f;
      if (this.#mode !== 'ground' && (byte === esc || isC1)) {
        start = isC1 ? Math.max(0, length - 1) : length;
        // The C2 of a C1 control came with the chunk before: it is in what is unfinished already.
        isContinued = isC1 && length === 0;
      }
      if (out >= 0) kept[length++] = out;
    }
    const passed = kept.subarray(0, length);
    if (this.#mode === 'ground') this.#unfinished = [];
    // Copies: a few bytes would keep all that came with them.
    else if (!isContinued) this.#unfinished = [passed.slice(start)];
    else if (length > 0) this.#unfinished.push(passed.slice());
    return passed;
  }

  /** What came of a sequence or character that has not ended: a second parser needs it to go on from here. */
  get unfinished(): Uint8Array {
    if (this.#unfinished.length === 0) return this.#held;
    const bytes = Buffer.concat([...this.#unfinished, this.#held]);
    // Outside of strings a control acts at once: it has acted already.
    return this.#isInString() ? bytes : bytes.filter((byte) => byte >= 0x20 || byte === esc);
  }

  /** The byte to pass on, or -1. */
  #step(byte: number): number {
    const isC1 = this.#isAfterC2 && byte >= 0x80 && byte <= 0x9f;
    this.#isAfterC2 = byte === c1Lead;
    if (byte === esc) {
      this.#mode = 'escape';
      this.#length = 0;
      return byte;
    }
    if (byte === cancel || byte === substitute) {
      this.#mode = 'ground';
      return byte;
    }
    if (isC1) return this.#control(byte);
    switch (this.#mode) {
      case 'ground':
        return byte;
      case 'escape':
        // Controls act at once and what is no character is skipped: the parser still waits for the one after ESC.
        if (byte >= 0x30 && byte < 0x7f) this.#introduce(byte);
        else if (byte >= 0x20 && byte < 0x30) this.#mode = 'intermediate';
        else return this.#counted(byte);
        return byte;
      case 'intermediate':
        if (byte < 0x30 || byte > 0x7e) return this.#counted(byte);
        this.#mode = 'ground';
        return byte;
      case 'sequence':
        return this.#inSequence(byte);
      case 'osc':
      case 'string':
        return this.#inString(byte);
    }
  }

  #isInString(): boolean {
    return this.#mode === 'osc' || this.#mode === 'string';
  }

  /** One of a sequence that may have any number of such. */
  #counted(byte: number): number {
    this.#length += 1;
    if (this.#length <= sequenceBytesMax) return byte;
    this.#mode = 'ground';
    return cancel;
  }

  /** A C1 control acts in every state, in a string too. */
  #control(byte: number): number {
    const isCut = this.#isTooLong();
    this.#introduce(byte - 0x40);
    // Its first byte was dropped with the rest of a string that is too long: what can still be done is to end that.
    if (isCut) this.#mode = 'ground';
    return isCut ? cancel : byte;
  }

  #isTooLong(): boolean {
    if (this.#mode === 'sequence') return this.#length > sequenceBytesMax;
    return this.#isInString() && this.#length > stringBytesMax;
  }

  /** `final` is the character after ESC, or that of the C1 control. */
  #introduce(final: number): void {
    this.#length = 0;
    this.#value = 0;
    const letter = String.fromCharCode(final);
    if (letter === '[') this.#mode = 'sequence';
    else if (letter === ']') this.#mode = 'osc';
    else if (letter !== stringTerminator && 'P_^X'.includes(letter)) this.#mode = 'string';
    else this.#mode = 'ground';
  }

  #inSequence(byte: number): number {
    this.#length += 1;
    if (byte >= 0x40 && byte <= 0x7e) {
      this.#mode = 'ground';
      return this.#length > sequenceBytesMax ? cancel : byte;
    }
    if (this.#length > sequenceBytesMax) return -1;
    if (byte === colon || byte === semicolon) this.#value = 0;
    // A control within a sequence acts and does not end the number.
    if (byte < 0x30 || byte > 0x39) return byte;
    const value = this.#value * 10 + byte - 0x30;
    if (value > parameterMax) return -1;
    this.#value = value;
    return byte;
  }

  #inString(byte: number): number {
    // Only OSC ends with BEL; in the others it is data.
    if (byte === bell && this.#mode === 'osc') {
      this.#mode = 'ground';
      return byte;
    }
    this.#length += 1;
    return this.#length > stringBytesMax ? -1 : byte;
  }
}

/**
 * The end of the control sequence at `at` if it is whole, short, and without a large number: nearly all are, and pass as they
 * are. Otherwise `at`.
 */
function endOfPlainSequence(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== esc || bytes[at + 1] !== leftBracket) return at;
  let digits = 0;
  const last = Math.min(bytes.length, at + sequenceBytesMax);
  for (let end = at + 2; end < last; end++) {
    const byte = bytes[end] as number;
    if (byte >= 0x40 && byte <= 0x7e) return end + 1;
    if (byte < 0x20 || byte > 0x7e) return at;
    digits = byte >= 0x30 && byte <= 0x39 ? digits + 1 : 0;
    if (digits > sureDigits) return at;
  }
  return at;
}
