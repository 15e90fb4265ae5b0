import { behindPictures } from './prompt-pictures.ts';

/** What a program shows, and up to where its input has come. */
export interface InputScreen {
  /** The visible rows, without trailing blanks. */
  rows: readonly string[];
  /** The rows down to that of the cursor, which ends at the cursor. Programs put it where the next letter will be. */
  before: readonly string[];
  /** What stands at the cursor and behind it in its row: often a hint, in grey. */
  behind: string;
  /** The program takes a paste as one (DEC 2004). */
  isPasteOn: boolean;
}

/** How much of the end of a text is looked for, in characters: more may have scrolled out of a small field. */
const tailMax = 24;

/** A row of so many characters that is the end of the text is enough: the rows above it may have scrolled away. */
const rowMin = 8;

/**
 * What programs show in place of a long paste or of a picture: `[Pasted text #1 +39 lines]`, `[Pasted Content 3000 chars]`,
 * `[Pasted ~3 lines]`, `[Image 1]`.
 */
const pasteMark = /\[[^[\]]*(?:pasted|image)[^[\]]*\]\s*$/i;

/**
 * Whether the text, or the mark of a paste, stands right before the cursor: in the input, and not in what was said before. Of an
 * input that is known by its mark also with empty lines behind it: Gemini CLI makes an Enter right behind a paste a new line.
 */
export function isInInput(text: string, screen: InputScreen, mark: RegExp | null): boolean {
  const { before } = screen;
  const row = before.at(-1) ?? '';
  const inside = mark && inputText(screen, mark);
  // What stands above an empty one was said before.
  if (inside === '') return false;
  if (pasteMark.test(row) || pasteMark.test(inside ?? '')) return true;
  const wanted = bare(behindPictures(text));
  if (wanted === '') return false;
  if (bare(inside ?? '').endsWith(tailOf(wanted))) return true;
  const last = bare(row);
  // A program that has taken a line stands at the beginning of the next one.
  if (last === '') return false;
  return bare(before.join('')).endsWith(tailOf(wanted)) || (last.length >= rowMin && wanted.endsWith(last));
}

/**
 * What stands in the input of a program whose input begins with `mark`: its text up to the cursor; null when the cursor is in
 * no such input.
 */
export function inputText({ before }: InputScreen, mark: RegExp): string | null {
  const first = before.findLastIndex((row) => mark.test(row));
  if (first < 0) return null;
  const [head = '', ...more] = before.slice(first);
  return [head.replace(mark, ''), ...more].join('\n').trim();
}

/** Letters and digits alone: frames, wrapped lines and blanks do not matter. All but blanks for a text that has none of them. */
function bare(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '') || text.replace(/\s/g, '');
}

function tailOf(text: string): string {
  return Array.from(text).slice(-tailMax).join('');
}
