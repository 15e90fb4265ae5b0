import { StringDecoder } from 'node:string_decoder';

export type Key =
  | { name: 'text'; text: string }
  | { name: 'enter' | 'newline' | 'backspace' | 'escape' | 'clear' | 'redraw' | 'interrupt' | 'end' };

/** How long an ESC at the end of a read may be the start of a sequence whose rest is on its way, in ms. */
const escapeDelayMs = 50;
/** Longest paste that is taken, in characters. */
const pasteLengthMax = 1_000_000;

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** Turns what a keyboard sends into keys; a bracketed paste is one text, with line feeds for its line ends. */
export class KeyReader {
  #decoder = new StringDecoder('utf8');
  #buffer = '';
  #escapeTimer: NodeJS.Timeout | undefined;
  readonly #onKey: (key: Key) => void;

  constructor(onKey: (key: Key) => void) {
    this.#onKey = onKey;
  }

  write(data: Uint8Array): void {
    clearTimeout(this.#escapeTimer);
    this.#buffer += this.#decoder.write(Buffer.from(data));
    while (this.#buffer !== '' && this.#take());
    if (this.#buffer === '\u001b') this.#escapeTimer = setTimeout(() => this.#escape(), escapeDelayMs);
  }

  dispose(): void {
    clearTimeout(this.#escapeTimer);
  }

  #escape(): void {
    this.#buffer = '';
    this.#onKey({ name: 'escape' });
  }

  /** Takes one key off the buffer; false when more bytes are needed. */
  #take(): boolean {
    const buffer = this.#buffer;
    if (buffer.startsWith(pasteStart)) return this.#takePaste();
    if (buffer === '\u001b' || incomplete.test(buffer)) return false;
    const sequence = ignored.exec(buffer);
    if (sequence) {
      this.#buffer = buffer.slice(sequence[0].length);
      return true;
    }
    const printable = /^[^\u0000-\u001f\u007f]+/.exec(buffer)?.[0];
    this.#buffer = buffer.slice(printable?.length ?? 1);
    if (printable !== undefined) this.#onKey({ name: 'text', text: printable });
    else if (Object.hasOwn(controls, buffer[0])) this.#onKey({ name: controls[buffer[0]] });
    return true;
  }

  #takePaste(): boolean {
    const end = this.#buffer.indexOf(pasteEnd);
    if (end < 0) return false;
    const text = this.#buffer.slice(pasteStart.length, end).replace(/\r\n?/g, '\n');
    this.#buffer = this.#buffer.slice(end + pasteEnd.length);
    this.#onKey({
      name: 'text',
      text: text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ').slice(0, pasteLengthMax),
    });
    return true;
  }
}

const controls: Record<string, Exclude<Key['name'], 'text'>> = {
  '\r': 'enter',
  '\n': 'newline',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u0003': 'interrupt',
  '\u0004': 'end',
  '\u000c': 'redraw',
  '\u0015': 'clear',
  '\u001b': 'escape',
};
/** Arrows, function keys, focus and answers to queries: nothing here uses them. */
const ignored = /^\u001b(?:\[[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]|O[\u0040-\u007e])/;
const incomplete = /^\u001b(?:\[[\u0020-\u003f]*|O)$/;
