import type { ScreenModes } from '../../ports/screen.ts';
import type { Key } from './key-name.ts';
import { findPasteEnd, pasteEnd, pasteStart, withoutBrackets } from './paste.ts';

/** Who gets the next key. */
export type KeyTarget =
  | { kind: 'chrome' }
  | {
      kind: 'pane';
      send(bytes: Uint8Array): void;
      modes: Pick<ScreenModes, 'applicationCursorKeys' | 'bracketedPaste' | 'focusEvents'>;
    };

export interface KeyRouterOptions {
  leader: Key;
  /** Asked before each key, so that one key may change where the next of the same chunk goes. */
  target(): KeyTarget;
  onLeader(): void;
  /** Exactly one key, or a piece of a paste with its brackets. */
  toChrome(bytes: Uint8Array): void;
  /** The chrome has not taken in its last key: the next one for it waits until `resume`. */
  isChromeBusy?(): boolean;
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
/** A paste whose end is lost (the terminal died, the line was cut) must not swallow the leader for ever. */
export const pasteIdleMsMax = 2000;
/** No key sequence is longer; what is goes on as it came. */
const sequenceBytesMax = 64;

/** Sends each key and paste to the chrome or to the focused program. Holds no clock and no timer. */
export function createKeyRouter(options: KeyRouterOptions): KeyRouter {
  const leaderText = latin1(options.leader.bytes);
  const leaderForms = new Set([leaderText, ...options.leader.otherForms]);
  let held = '';
  /** What came while the chrome was busy. */
  let waiting = '';
  /** Whoever had the keyboard when the paste began gets all of it. */
  let paste: KeyTarget | null = null;

  return {
    leaderBytes: options.leader.bytes,
    get flushAfterMs() {
      if (paste !== null) return pasteIdleMsMax;
      return held === '' ? null : escapeWaitMs;
    },
    feed(chunk) {
      take(latin1(chunk));
    },
    resume() {
      const data = waiting;
      waiting = '';
      if (data !== '') take(data);
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
    if (waiting !== '') {
      waiting += bytes;
      return;
    }
    const data = held + bytes;
    held = '';
    let at = 0;
    while (at < data.length) {
      if (paste === null && mustWait()) {
        waiting = data.slice(at);
        return;
      }
      at = paste === null ? takeKeys(data, at) : takePaste(data, at, paste);
    }
  }

  function mustWait(): boolean {
    return (options.isChromeBusy?.() ?? false) && options.target().kind === 'chrome';
  }

  function takeKeys(data: string, at: number): number {
    const typed = plainRun(data, at);
    if (typed > 0) {
      const target = options.target();
      // Every byte but Escape and the leader goes to a program as it is, in one piece.
      if (target.kind === 'pane') {
        target.send(bytesOf(data.slice(at, at + typed)));
        return at + typed;
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

  function plainRun(data: string, at: number): number {
    let end = at;
    while (end < data.length && data[end] !== '\u001b' && data[end] !== leaderText) end++;
    return end - at;
  }

  function sendKey(key: string): void {
    const target = options.target();
    if (target.kind === 'chrome') {
      // A lone Escape would be held by Ink for what may follow; in this form it is complete.
      options.toChrome(bytesOf(key === '\u001b' ? '\u001b[27u' : key));
      return;
    }
    const press = leaderPress(key);
    if (press === 'none') {
      const forProgram = translated(key, target.modes);
      if (forProgram !== '') target.send(bytesOf(forProgram));
    } else if (press === 'press') {
      options.onLeader();
    }
  }

  /** The chrome has no Alt keys: Escape with a letter right behind it is two keys, however quick the typist. */
  function isEscapeAlone(key: string): boolean {
    const isAlt = key.length > 1 && key[0] === '\u001b' && key[1] !== '[' && key[1] !== 'O';
    return isAlt && key !== leaderText && options.target().kind === 'chrome';
  }

  function leaderPress(key: string): 'none' | 'press' | 'release' {
    if (leaderForms.has(key)) return 'press';
    const { extended } = options.leader;
    const found = extended === null ? null : extendedKey(key);
    if (found === null || found.code !== extended?.code || found.modifiers !== extended.modifiers) return 'none';
    return found.isRelease ? 'release' : 'press';
  }

  function startPaste(): void {
    paste = options.target();
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
    else target.send(bytesOf(content));
  }

  function endPaste(target: KeyTarget): void {
    paste = null;
    if (target.kind === 'chrome') options.toChrome(bytesOf(pasteEnd));
    else if (target.modes.bracketedPaste) target.send(bytesOf(pasteEnd));
  }
}

/** The length of the key that begins at `at`; null when its end has not come. */
function keyLength(data: string, at: number): number | null {
  const first = data.charCodeAt(at);
  if (first !== 0x1b) return utf8Length(first);
  if (at + 1 === data.length) return null;
  const second = data[at + 1];
  if (second === '\u001b') return 1;
  if (second === 'O') return at + 2 < data.length ? 3 : null;
  if (second !== '[') return 1 + utf8Length(data.charCodeAt(at + 1));
  for (let end = at + 2; end < data.length; end++) {
    const code = data.charCodeAt(end);
    // The Linux console sends CSI [ A for F1.
    if (code >= 0x40 && code <= 0x7e && !(code === 0x5b && end === at + 2)) return end + 1 - at;
    if (code < 0x20 || code > 0x7e || end - at >= sequenceBytesMax) return end - at;
  }
  return data.length - at >= sequenceBytesMax ? data.length - at : null;
}

/** Bytes of the character that begins with `first`; a stray byte counts alone. What is cut is put together by the receiver. */
function utf8Length(first: number): number {
  if (first < 0xc2) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/** A key in the kitty form `CSI code;modifiers u` or the xterm form `CSI 27;modifiers;code ~`. */
function extendedKey(key: string): { code: number; modifiers: number; isRelease: boolean } | null {
  const kitty = /^\u001b\[(\d+)(?::\d*){0,2}(?:;(\d+)(?::(\d))?)?(?:;[\d:]*)?u$/.exec(key);
  const xterm = kitty ? null : /^\u001b\[27;(\d+);(\d+)~$/.exec(key);
  if (kitty === null && xterm === null) return null;
  const code = Number(kitty?.[1] ?? xterm?.[2]);
  const bits = Number(kitty?.[2] ?? xterm?.[1] ?? 1) - 1;
  return { code, modifiers: 1 + (bits & ~lockBits), isRelease: kitty?.[3] === '3' };
}

// Caps lock and num lock count as modifiers in the kitty form.
const lockBits = 64 | 128;

/** The key as the program's modes ask for it; '' when it asked not to hear of it. */
function translated(key: string, modes: Extract<KeyTarget, { kind: 'pane' }>['modes']): string {
  const arrow = /^\u001b[[O]([ABCDHF])$/.exec(key);
  if (arrow) return `\u001b${modes.applicationCursorKeys ? 'O' : '['}${arrow[1]}`;
  if (/^\u001b\[[IO]$/.test(key)) return modes.focusEvents ? key : '';
  return key;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
