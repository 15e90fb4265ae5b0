import { CellBuffer } from '../../domain/cells.ts';
import type { Screen } from '../../ports/screen.ts';
import { hasSureWidth } from '../screen/sure-width.ts';

/** A program that has not answered after this long, in ms, does something else with the key than what was foreseen. */
export const answerMsMax = 1_000;
/** More at once were not typed by hand. */
const keysMax = 16;
/** Keys that are foreseen while none of them has been answered. */
const pendingMax = 64;
const backspace = '\u007f';

interface Style {
  foreground: number;
  background: number;
  attributes: number;
}

/** What is shown at column `x` as long as the program has `under` there. */
type PredictedCell = Style & { x: number; text: string; under: string };

/** A letter one column wide, at a place of the program's screen. */
export type Letter = Style & { x: number; y: number; text: string };

/** Draws a letter that the program has not written yet, at once; false: it is drawn when its pane changes. */
export type DrawLetter = (letter: Letter) => boolean;

/** One key: its cell, and where the cursor is then. */
interface Prediction {
  x: number;
  text: string;
  /** Of the blank that an erased letter leaves; null for a letter, which looks as the one before it. */
  blank: Style | null;
  cursor: number;
  typedAt: number;
}

/**
 * What the keys that were typed will do to the row of the cursor: letters at the end of a line, and taking those back again. They
 * are shown once the program has echoed two different letters since the last other key, so that what no program echoes (a password,
 * commands of an editor) is never shown. Whatever the program then shows instead wins.
 *
 * `unsure`: keys are foreseen and compared, not shown. `sure`: shown. `closing`: another key came; what is shown stays until it is
 * answered, and nothing more is foreseen.
 */
export class Predictions {
  readonly #real: () => Screen;
  #state: 'unsure' | 'sure' | 'closing' = 'unsure';
  #pending: Prediction[] = [];
  /** The screen that they were made for. */
  #of: Screen | null = null;
  #y = 0;
  /** The row and the column of the cursor before the first of them. */
  #ground: string[] = [];
  #start = 0;
  /** Letters left of the foreseen cursor that were typed since the last other key. */
  #letters = 0;
  /** The letter that was echoed last since the last other key; ''. One alone may be the echo of a key before it. */
  #echoed = '';
  #style: Style = { foreground: 0, background: 0, attributes: 0 };
  #row = new CellBuffer(1, 1);
  #rowRead = { of: null as Screen | null, revision: 0, y: 0 };

  constructor(real: () => Screen) {
    this.#real = real;
  }

  /** The row and column of the cursor that is shown before the program has put it there; null: the program's own. */
  get cursor(): { x: number; y: number } | null {
    return this.#isShown ? { x: this.#end, y: this.#y } : null;
  }

  /** The cells of that row that are shown before the program has written them. */
  get cells(): PredictedCell[] {
    if (!this.#isShown) return [];
    const last = new Map(this.#pending.map((one) => [one.x, one]));
    return [...last.values()].map(({ x, text, blank }) => {
      return { x, text, under: this.#ground[x], ...(blank ?? this.#style) };
    });
  }

  /** What was typed last, if that is a letter which is shown before the program has written it. */
  get letter(): Letter | null {
    const newest = this.#isShown ? this.#pending.at(-1) : undefined;
    return newest?.blank === null ? { x: newest.x, y: this.#y, text: newest.text, ...this.#style } : null;
  }

  /** When the oldest is given up, by the clock of `typed`; null: there is none. */
  get dueAt(): number | null {
    const [oldest] = this.#pending;
    return oldest === undefined ? null : oldest.typedAt + answerMsMax;
  }

  /** Bytes that go to the program. Whether something else is shown now. */
  typed(bytes: Uint8Array | string, now: number): boolean {
    const before = this.#isShown ? this.#pending.length : 0;
    const isTyped = bytes.length <= keysMax;
    const keys = isTyped ? [...(typeof bytes === 'string' ? bytes : textOf(bytes))] : [];
    if (!isTyped || !keys.every((key) => this.#foresee(key, now))) this.#close();
    return (this.#isShown ? this.#pending.length : 0) !== before;
  }

  /** The program's screen may be another. Whether something else is shown now. */
  follow(): boolean {
    if (this.#pending.length === 0) return false;
    const screen = this.#real();
    if (isInFrame(screen) && screen === this.#of) return false;
    const answered = this.#answered(screen);
    if (answered === null) return this.forget();
    this.#answer(answered);
    return answered > 0;
  }

  /** What was not answered in time is given up. Whether something else is shown now. */
  expire(now: number): boolean {
    return this.dueAt !== null && now >= this.dueAt && this.forget();
  }

  /** Nothing is foreseen any more. Whether something was shown. */
  forget(): boolean {
    const wasShown = this.#isShown;
    this.#pending = [];
    this.#letters = 0;
    this.#echoed = '';
    this.#state = 'unsure';
    return wasShown;
  }

  get #isShown(): boolean {
    return this.#state !== 'unsure' && this.#pending.length > 0 && this.#of === this.#real();
  }

  get #end(): number {
    return this.#pending.at(-1)?.cursor ?? this.#start;
  }

  /** False: nobody knows what this key does here. */
  #foresee(key: string, now: number): boolean {
    if (this.#state === 'closing' || this.#pending.length >= pendingMax) return false;
    const screen = this.#real();
    if (this.#pending.length === 0) {
      if (isInFrame(screen)) return false;
      this.#begin(screen);
    } else if (screen !== this.#of) return false;
    const at = this.#end;
    const row = this.#rowAt(screen);
    // In the last column programs and terminals disagree; text behind the cursor would move, also over a blank.
    if (at >= screen.cols - 2 || this.#textAt(at, row) !== ' ' || this.#textAt(at + 1, row) !== ' ') return false;
    if (key === backspace) {
      if (this.#letters === 0) return false;
      this.#letters--;
      const blank = styleAt(row, at);
      this.#pending.push({ x: at - 1, text: ' ', blank, cursor: at - 1, typedAt: now });
      return true;
    }
    if (!hasSureWidth(key)) return false;
    this.#letters++;
    this.#pending.push({ x: at, text: key, blank: null, cursor: at + 1, typedAt: now });
    return true;
  }

  #begin(screen: Screen): void {
    const { x, y } = screen.cursor;
    const isAsLeft = screen === this.#of && y === this.#y && x === this.#start;
    this.#of = screen;
    this.#y = y;
    this.#start = x;
    const { text } = this.#rowAt(screen);
    // The program went elsewhere by itself: perhaps to ask for a password.
    if (!isAsLeft || !startsWith(text, this.#ground, x)) this.forget();
    this.#ground = text.slice();
  }

  /** What is foreseen to stand at column `x`. */
  #textAt(x: number, row: CellBuffer): string {
    return this.#pending.findLast((one) => one.x === x)?.text ?? row.text[x];
  }

  /** How many the program has answered; null: it does something else. */
  #answered(screen: Screen): number | null {
    const { cursor } = screen;
    if (screen !== this.#of || screen.cols !== this.#ground.length || cursor.y !== this.#y) return null;
    const row = this.#rowAt(screen);
    const width = 1 + Math.max(...this.#pending.map(({ x }) => x));
    const foreseen = this.#ground.slice(0, width);
    const isSo = (x: number) => cursor.x === x && startsWith(row.text, foreseen, width);
    if (isSo(this.#start)) return 0;
    for (const [index, { x, text, cursor: after }] of this.#pending.entries()) {
      foreseen[x] = text;
      if (isSo(after)) return index + 1;
    }
    return null;
  }

  /** The first `count` are on the program's screen. */
  #answer(count: number): void {
    for (const { x, text, cursor, blank } of this.#pending.splice(0, count)) {
      this.#ground[x] = text;
      this.#start = cursor;
      // Other keys prove nothing: a blank is also what a command leaves that moves the cursor, a star what stands for a password.
      if (blank !== null || !/\p{L}/u.test(text) || this.#row.text[x] !== text) continue;
      this.#style = styleAt(this.#row, x);
      if (this.#state === 'unsure' && this.#echoed !== '' && this.#echoed !== text) this.#state = 'sure';
      this.#echoed = text;
    }
    // What was echoed before the other key says nothing of what comes behind it.
    if (this.#state === 'closing' && this.#pending.length === 0) this.forget();
  }

  /** A key came that may do anything. */
  #close(): void {
    this.#letters = 0;
    this.#echoed = '';
    if (this.#isShown) this.#state = 'closing';
    else this.forget();
  }

  /** The program's row of the predictions; good until the next call. */
  #rowAt(screen: Screen): CellBuffer {
    const { cols, revision } = screen;
    const read = this.#rowRead;
    if (read.of === screen && read.revision === revision && read.y === this.#y) return this.#row;
    if (this.#row.cols !== cols) this.#row = new CellBuffer(cols, 1);
    screen.blit(this.#row, 0, 0, cols, 1, this.#y);
    this.#rowRead = { of: screen, revision, y: this.#y };
    return this.#row;
  }
}

function startsWith(row: readonly string[], other: readonly string[], width: number): boolean {
  for (let x = 0; x < width; x++) if (row[x] !== other[x]) return false;
  return true;
}

/** The cursor is somewhere on its way, or the program shows another one. */
function isInFrame({ cursor, modes }: Screen): boolean {
  return !cursor.isVisible || modes.synchronizedOutput;
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}

function styleAt(row: CellBuffer, x: number): Style {
  return { foreground: row.foreground[x], background: row.background[x], attributes: row.attributes[x] };
}
