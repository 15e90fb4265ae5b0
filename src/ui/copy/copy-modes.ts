import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { asForgeError } from '../../base/errors.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import type { SessionScreens } from '../app/session-screens.ts';
import { pasteEnd, pasteStart, withoutBrackets } from '../input/paste.ts';
import type { CopyEffect, CopyKey } from './copy-keys.ts';
import { type CopyOut, copyAndSay } from './copy-out.ts';
import { CopyPane } from './copy-pane.ts';

/** Panes in copy mode at once: a full history takes some 50 MB at 100 columns. One more takes the oldest one out of it. */
const panesMax = 4;

interface Entry {
  pane: CopyPane;
  /** Keys went to the program before, and do again afterwards. */
  isTypingAfter: boolean;
}

/** The panes that are in copy mode, and what was copied last. */
export class CopyModes implements Disposable {
  readonly #model: DashboardModel;
  readonly #screens: SessionScreens;
  readonly #copyOut: CopyOut;
  readonly #keys: readonly CopyKey[] | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #changes = new Emitter<void>();
  readonly #unsubscribe: () => void;
  #version = 0;

  /** `keys`: as the person bound them; left out: those of the table. */
  constructor(model: DashboardModel, screens: SessionScreens, copyOut: CopyOut, keys?: readonly CopyKey[]) {
    this.#model = model;
    this.#screens = screens;
    this.#copyOut = copyOut;
    this.#keys = keys;
    this.#unsubscribe = model.subscribe(() => {
      const { isTyping, pane: selected } = model.state;
      // Whoever types into a pane sees what comes of it.
      for (const id of this.#entries.keys())
        if ((isTyping && selected === id) || !model.panes.some((pane) => pane.id === id)) this.leave(id);
    });
  }

  /** Counts changes of what views show of copy mode. */
  get version(): number {
    return this.#version;
  }

  subscribe = (listener: () => void): (() => void) => {
    const held = this.#changes.on(listener);
    return () => held.dispose();
  };

  get(session: string): CopyPane | null {
    return this.#entries.get(session)?.pane ?? null;
  }

  /** Session of the pane in copy mode that has the keyboard; null when none has. */
  get focused(): string | null {
    const { isTyping, dialog, pane } = this.#model.state;
    return this.#model.isInPanes && !isTyping && dialog === null && pane !== null && this.#entries.has(pane)
      ? pane
      : null;
  }

  /** The pane whose cursor is shown, unless a search is being typed elsewhere. */
  get cursorPane(): string | null {
    const { focused } = this;
    return focused !== null && this.get(focused)?.state?.prompt === null ? focused : null;
  }

  /**
   * Takes the pane into copy mode, unless it is; null when it shows nothing yet. `isFromTyping`: the person left typing into it
   * only for this.
   */
  enter(session: string, isFromTyping = false): CopyPane | null {
    const known = this.get(session);
    const attachment = this.#screens.get(session);
    if (known || !attachment) return known;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= panesMax) this.leave(oldest);
    const { isTyping, pane: selected } = this.#model.state;
    const isSelected = selected === session;
    const pane = new CopyPane({
      ...(this.#keys && { keys: this.#keys }),
      live: {
        onScroll: (listener) => attachment.onScroll(listener),
        // Another attachment takes its place when the pane was off the screen for a while.
        screen: () => (this.#screens.get(session) ?? attachment).screen,
        resize: (cols, rows) => this.#screens.get(session)?.resize(cols, rows),
      },
      load: () => this.#screens.history(session),
      onEffect: (effect) => this.#act(session, effect),
      onFailure: (failure) => {
        this.#model.say(asForgeError(failure).sentence, 'bad');
        if (!pane.isReady) this.leave(session);
      },
      onChange: () => this.#changed(),
    });
    this.#entries.set(session, { pane, isTypingAfter: isFromTyping || (isSelected && isTyping) });
    if (isSelected && isTyping) this.#model.set({ isTyping: false, zone: 'panes' });
    // Its place on the last line is for the keys of copy mode.
    if (this.#model.state.message?.tone !== 'bad') this.#model.set({ message: null });
    this.#changed();
    return pane;
  }

  /** The live screen again, at once. */
  leave(session: string): void {
    const entry = this.#entries.get(session);
    if (!entry) return;
    this.#entries.delete(session);
    entry.pane.dispose();
    this.#changed();
    const { pane, zone, isTyping } = this.#model.state;
    const isSelected = pane === session && zone === 'panes' && !isTyping;
    if (entry.isTypingAfter && isSelected) this.#model.set({ isTyping: true });
  }

  /** True when the key was for copy mode. */
  press(key: string): boolean {
    const { focused } = this;
    if (focused === null) return false;
    if (key === 'leader') this.#leaveForGood(focused);
    else this.get(focused)?.press(key);
    return true;
  }

  /** Types what was copied last into the session, as the terminal would paste it. */
  paste(session: string): void {
    const text = this.#model.state.copied;
    const attachment = this.#screens.get(session);
    if (text === null || !attachment) return;
    const bytes = Buffer.from(text.replace(/\r?\n/g, '\r'), 'utf8').toString('latin1');
    const content = withoutBrackets(bytes);
    const isBracketed = attachment.screen.modes.bracketedPaste;
    attachment.send(Buffer.from(isBracketed ? pasteStart + content + pasteEnd : content, 'latin1'));
  }

  dispose(): void {
    this.#unsubscribe();
    for (const { pane } of this.#entries.values()) pane.dispose();
    this.#entries.clear();
  }

  /** The leader comes back to the dashboard, also when keys went to the program before. */
  #leaveForGood(session: string): void {
    const entry = this.#entries.get(session);
    if (entry) entry.isTypingAfter = false;
    this.leave(session);
  }

  #act(session: string, effect: Exclude<CopyEffect, { kind: 'renew' }>): void {
    if (effect.kind === 'say') this.#model.say(effect.text);
    if (effect.kind === 'copy') this.#copy(effect.text);
    if (effect.kind === 'leave' || (effect.kind === 'copy' && effect.isLeaving)) this.leave(session);
  }

  #copy(text: string): void {
    if (text.trim() === '') {
      this.#model.say('Nothing is copied: there are only blanks.');
      return;
    }
    this.#model.set({ copied: text });
    const lines = text.split('\n').length;
    const what = lines === 1 ? `${text.length.toLocaleString('en')} characters` : `${lines.toLocaleString('en')} lines`;
    const done = `Copied ${what}; {pane.paste} pastes into a pane.`;
    void copyAndSay(this.#model, this.#copyOut, { text, what, done });
  }

  #changed(): void {
    this.#version += 1;
    this.#changes.emit();
  }
}
