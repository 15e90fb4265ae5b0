import type { Terminal } from '@xterm/headless';
import type { ScreenModes } from '../../domain/screen-state.ts';

/** Saved keyboard flags of one screen; beyond it the oldest is forgotten, as the protocol asks. */
const savedFlagsMax = 16;

/** All flags of the kitty keyboard protocol. */
const flagsMask = 31;

/** What xterm's modifyOtherKeys is among the resources that CSI > m sets. */
const otherKeysResource = 4;

const mouseEncodings: Record<number, ScreenModes['mouseEncoding']> = { 1005: 'utf8', 1006: 'sgr', 1015: 'urxvt' };
const alternateScroll = 1007;

/** What a program asked of keyboard and mouse that the emulator itself does not keep. Hears it on its way to the parser. */
export class InputModes {
  mouseEncoding: ScreenModes['mouseEncoding'] = 'default';
  hasAlternateScroll = false;
  modifyOtherKeys: ScreenModes['modifyOtherKeys'] = 0;
  readonly #terminal: Terminal;
  readonly #flags = { normal: new KeyboardFlags(), alternate: new KeyboardFlags() };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    const { parser } = terminal;
    const hear = (prefix: string, final: string, act: (first: number, second: number) => void) =>
      parser.registerCsiHandler({ prefix, final }, ([first, second]) => {
        act(Number(first ?? 0), Number(second ?? 0));
        return true;
      });
    hear('>', 'u', (flags) => this.#active.push(flags));
    hear('<', 'u', (count) => this.#active.pop(count));
    hear('=', 'u', (flags, how) => this.#active.set(flags, how));
    hear('>', 'm', (resource, level) => {
      // Without a resource all of them are reset.
      if (resource !== otherKeysResource && resource !== 0) return;
      this.modifyOtherKeys = resource === otherKeysResource && (level === 1 || level === 2) ? level : 0;
    });
    hear('>', 'n', (resource) => {
      if (resource === otherKeysResource) this.modifyOtherKeys = 0;
    });
    for (const isOn of [true, false]) {
      parser.registerCsiHandler({ prefix: '?', final: isOn ? 'h' : 'l' }, (modes) => {
        for (const mode of modes) this.#setMode(Number(mode), isOn);
        return false;
      });
    }
    parser.registerEscHandler({ final: 'c' }, () => {
      this.#reset();
      return false;
    });
  }

  /** Flags of the kitty keyboard protocol in force on the screen that is shown, 0 to 31. */
  get kittyKeyboard(): number {
    return this.#active.current;
  }

  /** DECRPM value of modes that the emulator would answer wrongly for: 1 set, 2 reset, 0 not known. Null: not ours. */
  modeReport(mode: number): 0 | 1 | 2 | null {
    // A host without a window has no pixels: a program that asks is told, and gets cells.
    if (mode === 1016) return 0;
    if (mode === alternateScroll) return this.hasAlternateScroll ? 1 : 2;
    const encoding = mouseEncodings[mode];
    if (encoding === undefined) return null;
    return this.mouseEncoding === encoding ? 1 : 2;
  }

  /** Bytes that bring a new emulator to this state: `before` it enters the screen that is shown, `after` it has. */
  snapshot(): { before: string; after: string } {
    const isAlternate = this.#active === this.#flags.alternate;
    const { normal, alternate } = this.#flags;
    const hidden = alternate.snapshot();
    const before = isAlternate ? normal.snapshot() : hidden === '' ? '' : `\x1b[?1047h${hidden}\x1b[?1047l`;
    const modes = Object.keys(mouseEncodings).filter((mode) => mouseEncodings[Number(mode)] === this.mouseEncoding);
    if (this.hasAlternateScroll) modes.push(String(alternateScroll));
    const decSet = modes.length === 0 ? '' : `\x1b[?${modes.join(';')}h`;
    const otherKeys = this.modifyOtherKeys === 0 ? '' : `\x1b[>${otherKeysResource};${this.modifyOtherKeys}m`;
    return { before, after: `${this.#active.snapshot()}${decSet}${otherKeys}` };
  }

  get #active(): KeyboardFlags {
    return this.#flags[this.#terminal.buffer.active.type];
  }

  #setMode(mode: number, isOn: boolean): void {
    const encoding = mouseEncodings[mode];
    if (mode === alternateScroll) this.hasAlternateScroll = isOn;
    else if (encoding !== undefined && isOn) this.mouseEncoding = encoding;
    else if (encoding === this.mouseEncoding) this.mouseEncoding = 'default';
  }

  #reset(): void {
    this.mouseEncoding = 'default';
    this.hasAlternateScroll = false;
    this.modifyOtherKeys = 0;
    this.#flags.normal.reset();
    this.#flags.alternate.reset();
  }
}

/** The flags of one screen and those that were pushed away by others. */
class KeyboardFlags {
  current = 0;
  #saved: number[] = [];

  push(flags: number): void {
    this.#saved.push(this.current);
    if (this.#saved.length > savedFlagsMax) this.#saved.shift();
    this.current = flags & flagsMask;
  }

  /** Takes `count` back (0 means 1); with none left no flag is set. */
  pop(count: number): void {
    for (let left = Math.min(Math.max(1, count), savedFlagsMax + 1); left > 0; left--) {
      this.current = this.#saved.pop() ?? 0;
    }
  }

  /** `how`: 2 adds the flags, 3 takes them away, anything else sets exactly these. */
  set(flags: number, how: number): void {
    if (how === 2) this.current |= flags & flagsMask;
    else if (how === 3) this.current &= ~flags;
    else this.current = flags & flagsMask;
  }

  reset(): void {
    this.current = 0;
    this.#saved = [];
  }

  snapshot(): string {
    const [first = 0, ...rest] = [...this.#saved, this.current];
    return `${first === 0 ? '' : `\x1b[=${first};1u`}${rest.map((flags) => `\x1b[>${flags}u`).join('')}`;
  }
}
