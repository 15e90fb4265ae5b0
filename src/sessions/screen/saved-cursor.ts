import type { Terminal } from '@xterm/headless';
import { blankState, prepareRestore, type SavedState, stateToSave } from './internals.ts';

/**
 * The cursor that ESC 7 and its like save, for each screen. The emulator keeps a line of its history where a terminal keeps a
 * row of the screen, and forgets origin mode, character sets and the style of an underline.
 */
export class SavedCursor {
  normal: SavedState | null = null;
  alternate: SavedState | null = null;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    const { parser } = terminal;
    const hear = (act: () => void) => () => {
      act();
      return false;
    };
    parser.registerEscHandler(
      { final: '7' },
      hear(() => this.#save()),
    );
    parser.registerCsiHandler(
      { final: 's' },
      hear(() => this.#save()),
    );
    parser.registerEscHandler(
      { final: '8' },
      hear(() => this.#restore(this.#active)),
    );
    parser.registerCsiHandler(
      { final: 'u' },
      hear(() => this.#restore(this.#active)),
    );
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (modes) => {
      if (modes.includes(1048) || modes.includes(1049)) this.#save();
      return false;
    });
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (modes) => {
      if (modes.includes(1049)) this.#restore('normal');
      else if (modes.includes(1048)) this.#restore(this.#active);
      return false;
    });
    parser.registerCsiHandler(
      { intermediates: '!', final: 'p' },
      hear(() => this.#forget(this.#active)),
    );
    parser.registerEscHandler(
      { final: 'c' },
      hear(() => {
        this.#forget('normal');
        this.#forget('alternate');
      }),
    );
  }

  get #active(): 'normal' | 'alternate' {
    return this.#terminal.buffer.active.type;
  }

  #save(): void {
    this[this.#active] = stateToSave(this.#terminal);
  }

  #restore(which: 'normal' | 'alternate'): void {
    prepareRestore(this.#terminal, which, this[which] ?? blankState(this.#terminal));
  }

  #forget(which: 'normal' | 'alternate'): void {
    this[which] = null;
  }
}
