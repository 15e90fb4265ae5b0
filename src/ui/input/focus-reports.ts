/** A program that can be told that it has the person's attention. */
export interface FocusTarget {
  pane: string;
  /** It asked for focus events (DEC 1004), now. */
  wants(): boolean;
  send(bytes: Uint8Array): void;
}

/**
 * Tells the program that is typed into when it gets and loses the focus: the person's terminal has it, and keys go to that pane.
 * A program is told of a loss only after it was told of the focus, so one that nobody types into hears nothing.
 */
export class FocusReports {
  #hasTerminal = true;
  #told: FocusTarget | null = null;

  /** The person's terminal got or lost the focus. Call `follow` next. */
  set hasTerminal(hasFocus: boolean) {
    this.#hasTerminal = hasFocus;
  }

  get hasTerminal(): boolean {
    return this.#hasTerminal;
  }

  /** `target`: the pane that is typed into, null when none is. Tells what changed since the last call. */
  follow(target: FocusTarget | null): void {
    const next = this.#hasTerminal && target?.wants() ? target : null;
    const told = this.#told;
    if (told !== null && told.pane !== next?.pane && told.wants()) told.send(focusOut);
    this.#told = next;
    if (next !== null && next.pane !== told?.pane) next.send(focusIn);
  }
}

const focusIn = Buffer.from('\u001b[I');
const focusOut = Buffer.from('\u001b[O');
