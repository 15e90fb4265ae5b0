import type { ScreenModes } from '../../domain/screen-state.ts';
import type { Attachment } from '../../ports/session-host.ts';
import type { DrawLetter } from '../echo/predictions.ts';

/** The pane that gets every key but the leader. `pane` is the `id` of its `PaneSlot`. */
export interface Typing {
  pane: string;
  attachment: Pick<Attachment, 'screen'> & {
    send(data: Uint8Array | string, draw?: DrawLetter): void;
  };
}

/** The program that is typed into, as whoever gets keys, focus and the mouse. */
export class TypedProgram {
  readonly kind = 'pane';
  readonly pane: string;
  readonly attachment: Typing['attachment'];
  readonly #draw: DrawLetter;

  constructor(pane: string, attachment: Typing['attachment'], draw: DrawLetter) {
    this.pane = pane;
    this.attachment = attachment;
    this.#draw = draw;
  }

  get modes(): ScreenModes {
    return this.attachment.screen.modes;
  }

  send(bytes: Uint8Array): void {
    this.attachment.send(bytes, this.#draw);
  }

  wants(): boolean {
    return this.modes.focusEvents;
  }
}
