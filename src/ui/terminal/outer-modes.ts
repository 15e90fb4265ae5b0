/** How the person's terminal is to report keyboard and mouse. */
export interface WantedModes {
  /** `drag`: presses and drags; `any`: every movement. */
  mouse: 'none' | 'drag' | 'any';
  applicationKeypad: boolean;
  /** Flags of the kitty keyboard protocol. */
  kittyKeyboard: number;
  modifyOtherKeys: 0 | 1 | 2;
}

export const ordinaryModes: WantedModes = {
  mouse: 'none',
  applicationKeypad: false,
  kittyKeyboard: 0,
  modifyOtherKeys: 0,
};

/**
 * Asked when a program first wants more of the keyboard: kitty flags, modifyOtherKeys, and what every terminal answers. A
 * terminal that takes the second for colours underlines, which the end undoes: the painter's pen is reset. Nothing waits for
 * the answers.
 */
export const keyboardQuestion = '\u001b[?u\u001b[?4m\u001b[c\u001b[m';

const unknownFlags = -1;

/** What was set of the person's terminal, and the sequences from there to what is wanted. */
export class OuterModes {
  #hasKitty = false;
  /** The level that the terminal had; null when it does not know of modifyOtherKeys. */
  #otherKeysFound: number | null = null;
  #isAsked = false;
  /** Flags were pushed, so that one `CSI < u` brings back what the terminal had. */
  #isPushed = false;
  #set = ordinaryModes;

  /** An answer to `keyboardQuestion`. True: more can be set now. */
  heard(answer: string): boolean {
    const [, otherKeysLevel] = /^\u001b\[>4;(\d)m$/.exec(answer) ?? [];
    if (/^\u001b\[\?\d+u$/.test(answer)) this.#hasKitty = true;
    else if (otherKeysLevel !== undefined) this.#otherKeysFound = Number(otherKeysLevel);
    else return false;
    return true;
  }

  /** What makes the terminal report as `wanted`, as far as it can; '' when it does. */
  change(wanted: WantedModes): string {
    const wantsKeyboard = wanted.kittyKeyboard !== 0 || wanted.modifyOtherKeys !== 0;
    const question = wantsKeyboard && !this.#isAsked ? keyboardQuestion : '';
    if (question !== '') this.#isAsked = true;
    const next = this.#possible(wanted);
    const { mouse, applicationKeypad, kittyKeyboard, modifyOtherKeys } = this.#set;
    this.#set = next;
    return [
      question,
      next.mouse === mouse ? '' : mouseSequences[next.mouse],
      next.applicationKeypad === applicationKeypad ? '' : keypad(next.applicationKeypad),
      next.kittyKeyboard === kittyKeyboard ? '' : this.#flags(next.kittyKeyboard),
      next.modifyOtherKeys === modifyOtherKeys ? '' : otherKeys(next.modifyOtherKeys),
    ].join('');
  }

  /** Another program had the terminal: all that is wanted must be set again. */
  forget(): void {
    this.#set = { ...ordinaryModes, kittyKeyboard: this.#isPushed ? unknownFlags : 0 };
  }

  /** What takes everything back that `leaveSequence` does not. */
  leave(): string {
    const flags = this.#isPushed ? '\u001b[<u' : '';
    const keys = this.#set.modifyOtherKeys === 0 ? '' : otherKeys(this.#otherKeysFound ?? 0);
    const pad = this.#set.applicationKeypad ? keypad(false) : '';
    this.#isPushed = false;
    this.#set = ordinaryModes;
    return flags + keys + pad;
  }

  /** Either protocol can serve for the other: what a program reads is translated in any case (`key-encoding.ts`). */
  #possible({ mouse, applicationKeypad, kittyKeyboard, modifyOtherKeys }: WantedModes): WantedModes {
    const common = { mouse, applicationKeypad };
    if (this.#hasKitty) {
      return { ...common, kittyKeyboard: kittyKeyboard || (modifyOtherKeys === 0 ? 0 : 1), modifyOtherKeys: 0 };
    }
    if (this.#otherKeysFound === null) return { ...ordinaryModes, ...common };
    return { ...common, kittyKeyboard: 0, modifyOtherKeys: kittyKeyboard === 0 ? modifyOtherKeys : 2 };
  }

  #flags(flags: number): string {
    if (this.#isPushed) return `\u001b[=${flags};1u`;
    this.#isPushed = true;
    return `\u001b[>${flags}u`;
  }
}

// The end of one kind of report ends all in some terminals: what is wanted comes last.
const mouseSequences: Record<WantedModes['mouse'], string> = {
  none: '\u001b[?1003l\u001b[?1002l\u001b[?1006l',
  drag: '\u001b[?1003l\u001b[?1002h\u001b[?1006h',
  any: '\u001b[?1002h\u001b[?1003h\u001b[?1006h',
};

function keypad(isApplication: boolean): string {
  return isApplication ? '\u001b=' : '\u001b>';
}

function otherKeys(level: number): string {
  return level === 0 ? '\u001b[>4m' : `\u001b[>4;${level}m`;
}
