/**
 * Stands before the parser and takes away what makes a parser stall or grow: 14 bytes such as `CSI 999999999 b` freeze
 * xterm.js for up to 39 s, and a string that never ends is kept whole. Works on any split of the stream.
 */

/** Largest number in a control sequence. Nothing on a screen of 1,000 columns needs more; at this the worst takes 13 ms. */
const parameterMax = 9_999;

/** Longest control sequence, in bytes; a longer one is cancelled. Real ones stay below 100. */
const sequenceBytesMax = 512;

/** Longest OSC, DCS, APC, PM or SOS string, in bytes; the rest up to its end is dropped. */
const stringBytesMax = 256 * 1024;

const esc = 0x1b;
const cancel = 0x18;
const substitute = 0x1a;
const bell = 0x07;

type Mode = 'ground' | 'escape' | 'sequence' | 'string' | 'string-escape';

export class ClampFilter {
  #mode: Mode = 'ground';
  /** The last byte was the first of a two-byte UTF-8 character that may be a C1 control (C2 80 to C2 9F). */
  #isAfterC2 = false;
  #value = 0;
  #length = 0;

  /** What may be parsed of `bytes`. The same array when there is nothing to change. */
  filter(bytes: Uint8Array): Uint8Array {
    if (this.#mode === 'ground' && !this.#isAfterC2 && bytes.indexOf(esc) < 0 && bytes.indexOf(0xc2) < 0) return bytes;
    const kept = new Uint8Array(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      const out = this.#step(byte);
      if (out >= 0) kept[length++] = out;
    }
    return kept.subarray(0, length);
  }

  /** The byte to pass on, or -1. */
  #step(byte: number): number {
    const isC1 = this.#isAfterC2 && byte >= 0x80 && byte <= 0x9f;
    this.#isAfterC2 = byte === 0xc2;
    switch (this.#mode) {
      case 'ground':
        if (byte === esc) this.#mode = 'escape';
        else if (isC1) this.#introduce(byte - 0x40);
        return byte;
      case 'escape':
        if (byte === esc) return byte;
        this.#mode = 'ground';
        this.#introduce(byte);
        return byte;
      case 'sequence':
        return this.#inSequence(byte);
      case 'string':
        return this.#inString(byte, isC1);
      case 'string-escape':
        // ESC ends the string, whether a backslash follows or another sequence begins.
        this.#mode = 'ground';
        if (byte === esc) this.#mode = 'escape';
        else this.#introduce(byte);
        return byte;
    }
  }

  /** `final` is the character after ESC, or that of the C1 control. */
  #introduce(final: number): void {
    this.#length = 0;
    this.#value = 0;
    const letter = String.fromCharCode(final);
    if (letter === '[') this.#mode = 'sequence';
    else if (letter === ']' || letter === 'P' || letter === '_' || letter === '^' || letter === 'X')
      this.#mode = 'string';
  }

  #inSequence(byte: number): number {
    this.#length += 1;
    if (byte >= 0x40 && byte <= 0x7e) {
      this.#mode = 'ground';
      return this.#length > sequenceBytesMax ? cancel : byte;
    }
    if (byte === esc) {
      this.#mode = 'escape';
      return byte;
    }
    if (byte === cancel || byte === substitute) {
      this.#mode = 'ground';
      return byte;
    }
    if (this.#length > sequenceBytesMax) return -1;
    if (byte < 0x30 || byte > 0x39) {
      this.#value = 0;
      return byte;
    }
    const value = this.#value * 10 + byte - 0x30;
    if (value > parameterMax) return -1;
    this.#value = value;
    return byte;
  }

  #inString(byte: number, isC1: boolean): number {
    if (byte === esc) {
      this.#mode = 'string-escape';
      return byte;
    }
    if (byte === bell || byte === cancel || byte === substitute || (isC1 && byte === 0x9c)) {
      this.#mode = 'ground';
      return byte;
    }
    this.#length += 1;
    return this.#length > stringBytesMax ? -1 : byte;
  }
}
