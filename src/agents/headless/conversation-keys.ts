import type { Key } from '../terminal/key-reader.ts';
import { graphemes } from '../terminal/layout.ts';
import type { Bridge } from './bridge.ts';
import type { ConversationScreen } from './conversation-screen.ts';
import type { ConversationView } from './conversation-view.ts';

/** What the keys of a person do in a conversation. */
export class ConversationKeys {
  readonly #bridge: Bridge;
  readonly #view: ConversationView;
  readonly #screen: ConversationScreen;
  readonly #leave: () => void;
  /** The last key was a Ctrl-C with nothing to stop: one more leaves. */
  #isLeaving = false;

  constructor(bridge: Bridge, view: ConversationView, screen: ConversationScreen, leave: () => void) {
    this.#bridge = bridge;
    this.#view = view;
    this.#screen = screen;
    this.#leave = leave;
  }

  press(key: Key): void {
    const wasLeaving = this.#isLeaving;
    this.#isLeaving = false;
    if (key.name === 'redraw') this.#screen.redraw();
    else if (this.#bridge.question) this.#answer(key);
    else if (key.name === 'escape' || key.name === 'interrupt') this.#stop(key.name, wasLeaving);
    else this.#type(key);
  }

  #answer(key: Key): void {
    const word = key.name === 'text' ? key.text.toLowerCase() : key.name;
    if (word === 'y') this.#bridge.answer('yes');
    else if (word === 'n') this.#bridge.answer('no');
    else if (word === 'escape' || word === 'interrupt') this.#bridge.answer('stop');
  }

  #stop(key: 'escape' | 'interrupt', wasLeaving: boolean): void {
    if (this.#bridge.isWorking && !this.#bridge.isInterrupting) this.#bridge.interrupt();
    else if (key === 'escape') return;
    else if (this.#view.draft !== '') this.#view.draft = '';
    else if (wasLeaving) this.#leave();
    else {
      this.#isLeaving = true;
      this.#view.note = 'ctrl+c again leaves';
    }
  }

  #type(key: Key): void {
    const { draft } = this.#view;
    if (key.name === 'text') this.#view.draft = draft + key.text;
    else if (key.name === 'newline') this.#view.draft = `${draft}\n`;
    else if (key.name === 'backspace') this.#view.draft = graphemes(draft).slice(0, -1).join('');
    else if (key.name === 'clear') this.#view.draft = '';
    else if (key.name === 'end' && draft === '') this.#leave();
    else if (key.name === 'enter') this.#send(draft);
  }

  #send(draft: string): void {
    if (/^\s*\/(exit|quit)\s*$/.test(draft)) this.#leave();
    else this.#bridge.say(draft);
    this.#view.draft = '';
  }
}
