import type { ScreenModes } from '../../domain/screen-state.ts';
import { lockBits, modifier } from './key-codes.ts';
import {
  decodeKey,
  isExtendedForm,
  type KeyModes,
  type KeyPress,
  kittyFlag,
  ordinaryKeys,
  translateKey,
} from './key-encoding.ts';
import { keyLength } from './key-length.ts';
import type { Key } from './key-name.ts';
import { type MouseEvent, parseMouseReport } from './mouse-event.ts';
import { findPasteEnd, pasteEnd, pasteStart, withoutBrackets } from './paste.ts';

/** Who gets the next key. */
export type KeyTarget =
  | { kind: 'chrome' }
  | {
      kind: 'pane';
      send(bytes: Uint8Array): void;
      modes: KeyModes & Pick<ScreenModes, 'bracketedPaste'>;
    };

export interface KeyRouterOptions {
  leader: Key;
  /** Asked before each key, so that one key may change where the next of the same chunk goes. */
  target(): KeyTarget;
  onLeader(): void;
  /** Exactly one key, or a piece of a paste with its brackets. */
  toChrome(bytes: Uint8Array): void;
  onMouse(event: MouseEvent): void;
  /** The person's terminal got or lost the focus. */
  onFocus(hasFocus: boolean): void;
  /** The terminal answered a question: no key begins so, and nobody else asks it anything. */
  onAnswer(answer: string): void;
  /** Who would get keys now is not ready for them: they wait until `resume`, or until the leader is among them. */
  mustWait?(): boolean;
}

export interface KeyRouter {
  /** Bytes from the terminal, cut anywhere. */
  feed(chunk: Uint8Array): void;
  /** How long to wait for more bytes before `flush`: something is held back, or a paste has not ended. Null: nothing is. */
  readonly flushAfterMs: number | null;
  flush(): void;
  /** The chrome is no longer busy: goes on with what waited. */
  resume(): void;
  /** The leader as an ordinary key: send it where pressing the leader twice should type it once. */
  readonly leaderBytes: Uint8Array;
}

/** The rest of a sequence follows its beginning at once; a lone Escape is passed on after this. */
export const escapeWaitMs = 10;
/** Nobody types what has begun so (`ESC [ < 3 5 ;`): on a slow line the rest of it may come this much later. */
const sequenceWaitMs = 250;
/** What a person can have typed: Escape, or alt with a bracket. */
const mayBeKeys = /^\u001b[[O]?$/;
/** A paste whose end is lost (the terminal died, the line was cut) must not swallow the leader for ever. */
export const pasteIdleMsMax = 2000;

/** Sends each key and paste to the chrome or to the focused program. Holds no clock and no timer. */
export function createKeyRouter(options: KeyRouterOptions): KeyRouter {
  const leaderText = latin1(options.leader.bytes);
  const leaderForms = new Set([leaderText, ...options.leader.otherForms]);
  const leaderPress = decodeKey(leaderText);
  let held = '';
  /** What came while the chrome was busy. */
  let waiting = '';
  /** Whoever had the keyboard when the paste began gets all of it. */
  let paste: KeyTarget | null = null;
  /** The last pasted byte was a carriage return: a line feed right behind it is the same line end. */
  let isAfterReturn = false;

  return {
    leaderBytes: options.leader.bytes,
    get flushAfterMs() {
      if (paste !== null) return pasteIdleMsMax;
      if (held === '') return null;
      return mayBeKeys.test(held) ? escapeWaitMs : sequenceWaitMs;
    },
    feed(chunk) {
      take(latin1(chunk));
    },
    resume() {
      if (waiting !== '') take('');
    },
    flush() {
      const data = held;
      held = '';
      if (paste !== null) {
        sendPaste(paste, withoutBrackets(data));
        endPaste(paste);
      } else if (data !== '') {
        sendKey(data);
      }
    },
  };

  function take(bytes: string): void {
    const data = waiting + held + bytes;
    waiting = '';
    held = '';
    let at = 0;
    while (at < data.length) {
      if (paste === null && isWaiting() && data.indexOf(leaderText, at) < 0) {
        waiting = data.slice(at);
        return;
      }
      at = paste === null ? takeKeys(data, at) : takePaste(data, at, paste);
    }
  }

  function isWaiting(): boolean {
    return (options.mustWait?.() ?? false) && options.target().kind === 'chrome';
  }

  function takeKeys(data: string, at: number): number {
    const target = options.target();
    if (target.kind === 'pane') {
      const end = plainEnd(data, at, target.modes);
      if (end > at) {
        target.send(bytesOf(data.slice(at, end)));
        return end;
      }
    }
    const length = keyLength(data, at);
    if (length === null) {
      held = data.slice(at);
      return data.length;
    }
    const whole = data.slice(at, at + length);
    const key = isEscapeAlone(whole) ? '\u001b' : whole;
    if (key === pasteStart) startPaste();
    else if (key !== pasteEnd) sendKey(key);
    return at + key.length;
  }

  /** Up to where bytes go to the program as they are, in one piece: all but Escape and the leader, unless it asked for more. */
  function plainEnd(data: string, at: number, { kittyKeyboard, modifyOtherKeys }: KeyModes): number {
    if (kittyKeyboard & kittyFlag.allKeys) return at;
    const isTranslated = kittyKeyboard !== 0 || modifyOtherKeys !== 0;
    let end = at;
    for (; end < data.length && data[end] !== '\u001b' && data[end] !== leaderText; end++) {
      if (isTranslated && isControl(data.charCodeAt(end))) break;
    }
    return end;
  }

  function sendKey(key: string): void {
    if (takeReport(key)) return;
    const target = options.target();
    if (target.kind === 'chrome') {
      const ordinary = isExtendedForm(key) ? translateKey(key, ordinaryKeys) : key;
      // A lone Escape would be held by Ink for what may follow; in this form it is complete.
      if (ordinary !== '') options.toChrome(bytesOf(ordinary === '\u001b' ? '\u001b[27u' : ordinary));
      return;
    }
    const leaderEvent = leaderEventOf(key);
    if (leaderEvent === null) {
      const forProgram = translateKey(key, target.modes);
      if (forProgram !== '') target.send(bytesOf(forProgram));
    } else if (leaderEvent !== 'release') {
      options.onLeader();
    }
  }

  /** What the terminal says by itself is no key. */
  function takeReport(sequence: string): boolean {
    if (sequence.length < 3 || sequence[0] !== '\u001b') return false;
    if (sequence === '\u001b[I' || sequence === '\u001b[O') options.onFocus(sequence.endsWith('I'));
    else if (/^\u001b\[[?>]/.test(sequence)) options.onAnswer(sequence);
    else {
      const mouse = parseMouseReport(sequence);
      if (mouse === null) return false;
      options.onMouse(mouse);
    }
    return true;
  }

  /** The chrome has no Alt keys: Escape with a letter right behind it is two keys, however quick the typist. */
  function isEscapeAlone(key: string): boolean {
    const isAlt = key.length > 1 && key[0] === '\u001b' && key[1] !== '[' && key[1] !== 'O';
    return isAlt && key !== leaderText && options.target().kind === 'chrome';
  }

  /** What happened to the leader, in whichever form; null: it is another key. */
  function leaderEventOf(key: string): KeyPress['event'] | null {
    if (leaderForms.has(key)) return 'press';
    const found = key.startsWith('\u001b[') ? decodeKey(key) : null;
    return found !== null && leaderPress !== null && isSameKey(found, leaderPress) ? found.event : null;
  }

  function startPaste(): void {
    paste = options.target();
    isAfterReturn = false;
    if (paste.kind === 'chrome') options.toChrome(bytesOf(pasteStart));
    else if (paste.modes.bracketedPaste) paste.send(bytesOf(pasteStart));
  }

  function takePaste(data: string, at: number, target: KeyTarget): number {
    const { contentEnd, end } = findPasteEnd(data, at);
    sendPaste(target, withoutBrackets(data.slice(at, contentEnd)));
    if (end === null) held = data.slice(contentEnd);
    else endPaste(target);
    return end ?? data.length;
  }

  function sendPaste(target: KeyTarget, content: string): void {
    if (content === '') return;
    if (target.kind === 'chrome') options.toChrome(bytesOf(content));
    else target.send(bytesOf(target.modes.bracketedPaste ? content : asTyped(content)));
  }

  /** Line ends as Enter makes them, for a program that takes a paste for typing. */
  function asTyped(content: string): string {
    const lines = isAfterReturn && content[0] === '\n' ? content.slice(1) : content;
    isAfterReturn = content.endsWith('\r');
    return lines.replace(/\r?\n/g, '\r');
  }

  function endPaste(target: KeyTarget): void {
    paste = null;
    if (target.kind === 'chrome') options.toChrome(bytesOf(pasteEnd));
    else if (target.modes.bracketedPaste) target.send(bytesOf(pasteEnd));
  }
}

/** The same key with the same modifiers held, wherever it is on the keyboard. */
function isSameKey(a: KeyPress, b: KeyPress): boolean {
  const bits = a.modifiers & ~lockBits;
  if (bits === b.modifiers) return a.code === b.code || a.base === b.code;
  return a.shifted === b.code && bits === (b.modifiers | modifier.shift);
}

function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
