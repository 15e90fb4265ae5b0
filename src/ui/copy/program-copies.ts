import { counted } from '../../base/counted.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import type { ProgramCopy, SessionScreens } from '../app/session-screens.ts';
import { type CopyOut, copyAndSay } from './copy-out.ts';

/** Of several copies within so many ms the last one counts, as on any clipboard: a program may ask a million times. */
const pauseMs = 100;

interface ProgramCopiesOptions {
  model: DashboardModel;
  screens: Pick<SessionScreens, 'onCopy'>;
  copyOut: CopyOut;
  /** As in `ui.programsCopy`. */
  isAllowed: boolean;
}

/** What programs would put on the clipboard: done for the one that the person types into, if the settings allow it, and always said. */
export class ProgramCopies implements Disposable {
  readonly #options: ProgramCopiesOptions;
  readonly #held: Disposable;
  /** Sessions whose programs were refused: said once. */
  readonly #refused = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #last: ProgramCopy | null = null;

  constructor(options: ProgramCopiesOptions) {
    this.#options = options;
    this.#held = options.screens.onCopy((copy) => this.#hear(copy));
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#held.dispose();
  }

  #hear(copy: ProgramCopy): void {
    const { isTyping, pane, dialog } = this.#options.model.state;
    // Whoever sits at another pane would find a text on the clipboard that nobody copied.
    if (!isTyping || dialog !== null || pane !== copy.session) return;
    this.#last = copy;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#last) this.#take(this.#last);
    }, pauseMs);
  }

  #take({ session, text }: ProgramCopy): void {
    const { model, copyOut, isAllowed } = this.#options;
    const what = counted(Array.from(text).length, 'character');
    if (isAllowed) {
      void copyAndSay(model, copyOut, { text, what, done: `The program copied ${what}.` });
      return;
    }
    if (!this.#refused.has(session))
      model.say(`The program did not copy ${what}: ui.programsCopy in the settings allows it.`);
    this.#refused.add(session);
  }
}
