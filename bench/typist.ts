import type { Terminal } from './outer-terminal.ts';

/** The terminal itself echoes: the least work that a program can do, so that what is measured is the way there and back. */
export const echo = 'stty icanon echo echoe; exec cat >/dev/null';
export const echoAgent = ['sh', '-c', echo];

/** Letters that no border and no line of state has. The same one does not come twice in a row. */
const letters = 'QXZJKV';
const gapMs = { min: 20, max: 45 };
/** A letter that is not shown after this long is not shown at all, in ms. */
const shownMs = 10_000;
const erase = '\x7f';

/** Types at a terminal whose program echoes, and takes each letter back: a screen that is drawn anew must not show one again. */
export class Typist {
  readonly terminal: Terminal;
  #typed = 0;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** Types `count` letters at random gaps; the ms that each took to be shown. Fails when one is not shown. */
  async type(count: number): Promise<number[]> {
    const times: number[] = [];
    while (times.length < count) {
      const letter = letters[this.#typed++ % letters.length];
      const ms = this.terminal.isEnded ? null : await this.terminal.typeAndSee(letter, shownMs);
      if (ms === null) {
        throw new Error(this.terminal.isEnded ? 'the program ended' : `a letter was not shown in ${shownMs / 1000} s`);
      }
      times.push(ms);
      this.terminal.press(erase);
      await new Promise((resolve) => setTimeout(resolve, gapMs.min + Math.random() * (gapMs.max - gapMs.min)));
    }
    return times;
  }

  /** A letter in a field of the dashboard would be an echo too: whether what is typed reaches one of these screens. */
  async reaches(screens: () => Promise<string[]>): Promise<boolean> {
    const isThere = async () => (await screens()).some((screen) => screen.includes(letters));
    this.terminal.press(letters);
    const found = await comesTrue(isThere);
    this.terminal.press(erase.repeat(letters.length));
    const erased = found && (await comesTrue(async () => !(await isThere())));
    // What is on the terminal is behind the host: a letter that comes while an equal one is still shown is never drawn.
    await this.terminal.isQuiet(200, shownMs);
    return erased;
  }
}

async function comesTrue(isTrue: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + shownMs;
  while (performance.now() < deadline) if (await isTrue()) return true;
  return false;
}
