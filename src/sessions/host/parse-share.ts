import type { ProgramTerminal } from './program-terminal.ts';

/** Bytes that may wait to be parsed, of all sessions together. */
const waitingMax = 512 * 1024;

/** What each may have at least: about what one pty holds. */
const shareMin = 8 * 1024;

/** Sessions that have something to parse. */
let busy = 0;

/**
 * What of one session waits to be parsed. A program is not read while that is more than its share, and again below a quarter of
 * it. The more sessions are busy, the smaller is a share: what is read ahead is parsed no sooner, and a key waits for the reading.
 */
export class ParseShare {
  readonly #terminal: Pick<ProgramTerminal, 'pause' | 'resume'>;
  #bytes = 0;
  #isPaused = false;

  constructor(terminal: Pick<ProgramTerminal, 'pause' | 'resume'>) {
    this.#terminal = terminal;
  }

  read(bytes: number): void {
    if (this.#bytes === 0) busy += 1;
    this.#bytes += bytes;
    if (this.#isPaused || this.#bytes <= share()) return;
    this.#isPaused = true;
    this.#terminal.pause();
  }

  parsed(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes === 0) busy -= 1;
    if (!this.#isPaused || this.#bytes > share() / 4) return;
    this.#isPaused = false;
    this.#terminal.resume();
  }

  /** What waits will not be parsed. */
  dispose(): void {
    if (this.#bytes > 0) busy -= 1;
    this.#bytes = 0;
  }
}

/** What of each session may wait to be parsed, in bytes. */
export function share(): number {
  return Math.max(shareMin, waitingMax / Math.max(1, busy));
}
