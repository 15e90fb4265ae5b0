/** Longest sequence of a key or a report that is waited for, in bytes: what is longer is none. */
const sequenceBytesMax = 64;

/** Each in latin1: one character is one byte. The old form of a mouse report, CSI, SS3, or ESC and one more. */
const sequence = /^\x1b(?:\[M.{3}|\[[\x30-\x3f]+M|\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x4c\x4e-\x7e]|O.|[^[O])/s;
const unfinished = /^\x1b(?:\[M.{0,2}|\[[\x30-\x3f]*[\x20-\x2f]*|O)$/s;
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** Kitty's keys and those of modifyOtherKeys: code, and modifiers as 1 + bits. */
const kittyKey = /^\x1b\[(\d+)(?::[\d:]*)?(?:;(\d+)(?::(\d+))?(?:;[\d:]*)?)?u$/;
const otherKey = /^\x1b\[27;(\d+);(\d+)~$/;
const shift = 1;
const alt = 2;
const control = 4;

/**
 * Whether a person has a half-typed line in a session, by the bytes that were typed: counted up by text, down by Backspace,
 * and over with Enter, Ctrl-C and Ctrl-U. Escape leaves a draft where it is in the programs that were tried. Moving about in
 * it, and deleting words, are not followed: it counts as there until one of those keys.
 */
export class Draft {
  /** Characters that are there, at least. */
  #length: number;
  #isPasting = false;
  /** The beginning of a sequence whose rest has not come. */
  #pending = '';
  #last = '';

  /** `isDrafting`: as an earlier host left it. */
  constructor(isDrafting: boolean) {
    this.#length = isDrafting ? 1 : 0;
  }

  get isDrafting(): boolean {
    return this.#length > 0;
  }

  /** It is seen to be gone: words can be deleted in more ways than are followed. */
  over(): void {
    this.#length = 0;
  }

  /** Takes in what was typed; `isAnswer`: into a dialog, so that text is no draft. Gives whether there is one now. */
  typed(bytes: Uint8Array, isAnswer = false): boolean {
    let text = this.#pending + Buffer.from(bytes).toString('latin1');
    const before = this.#length;
    this.#pending = '';
    while (text !== '') {
      const taken = this.#take(text);
      if (taken === 0) {
        this.#pending = text;
        break;
      }
      text = text.slice(taken);
    }
    if (isAnswer) this.#length = Math.min(before, this.#length);
    return this.isDrafting;
  }

  /** Characters that were taken; 0: more has to come first. */
  #take(text: string): number {
    if (this.#isPasting) return this.#takePasted(text);
    if (!text.startsWith('\x1b')) {
      this.#key(text.charCodeAt(0), 0);
      return 1;
    }
    if (text.startsWith(pasteStart)) {
      this.#isPasting = true;
      return pasteStart.length;
    }
    const found = sequence.exec(text)?.[0];
    if (found !== undefined) {
      this.#sequence(found);
      return found.length;
    }
    return unfinished.test(text) && text.length < sequenceBytesMax ? 0 : 1;
  }

  #takePasted(text: string): number {
    const end = text.indexOf(pasteEnd);
    if (end === 0) {
      this.#isPasting = false;
      return pasteEnd.length;
    }
    const content = end > 0 ? end : text.length - beginningOf(pasteEnd, text);
    this.#length += content;
    return content;
  }

  #sequence(found: string): void {
    const kitty = kittyKey.exec(found);
    // The third is the kind of event: 3 is a key that was let go.
    if (kitty && kitty[3] !== '3') this.#key(Number(kitty[1]), Number(kitty[2] ?? 1) - 1);
    const other = otherKey.exec(found);
    if (other) this.#key(Number(other[2]), Number(other[1]) - 1);
  }

  #key(code: number, modifiers: number): void {
    const key = String.fromCodePoint(Math.min(code, 0x10ffff));
    const isControl = (modifiers & control) !== 0;
    // Shift-Enter, Alt-Enter and a backslash before Enter begin a new line in the programs that were tried.
    const isNewLine = (modifiers & (shift | alt)) !== 0 || this.#last === '\\';
    if (code === 13 && !isNewLine) this.#length = 0;
    else if (code === 3 || code === 21 || (isControl && (key === 'c' || key === 'u'))) this.#length = 0;
    else if (code === 127 || code === 8) this.#length = Math.max(0, this.#length - 1);
    else if (code >= 32 && !isContinuation(code, this.#last) && !isControl && (modifiers & alt) === 0) this.#length++;
    this.#last = key;
  }
}

/** Bytes of UTF-8 behind the first count as one character with it. */
function isContinuation(code: number, last: string): boolean {
  return code >= 0x80 && code < 0xc0 && last >= '\x80';
}

/** How much of the end of `text` may be the beginning of `mark`. */
function beginningOf(mark: string, text: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
