/** How long a program that should be at work has said nothing. Says so once each time. */
export class Silence {
  readonly #ms: number;
  readonly #say: (words: string) => void;
  #timer: NodeJS.Timeout | null = null;
  #isSaid = false;

  constructor(ms: number, say: (words: string) => void) {
    this.#ms = ms;
    this.#say = say;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#isSaid = true;
      this.#say(`nothing was heard of it for ${span(this.#ms)}`);
    }, this.#ms);
  }

  /** Something was heard. True: silence had been said. */
  hear(): boolean {
    const wasSaid = this.#isSaid;
    if (wasSaid) this.start();
    else this.#timer?.refresh();
    return wasSaid;
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isSaid = false;
  }
}

function span(ms: number): string {
  return ms < 60_000 ? `${ms / 1_000} s` : `${Math.round(ms / 60_000)} min`;
}
