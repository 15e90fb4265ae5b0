import { ForgeError } from '../base/errors.ts';

interface Pending {
  resolve: (value: unknown) => void;
  reject: (reason: ForgeError) => void;
  late: NodeJS.Timeout;
}

/** Questions that were sent over a link and have no answer yet, by the numbers that come back with the answers. */
export class PendingAnswers {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /** Sends a question with its number. Rejects with `usage.invalid` when `send` throws, and with `late` after `withinMs`. */
  ask(send: (id: number) => void, withinMs: number, late: ForgeError): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, late: setTimeout(() => this.reject(id, late), withinMs) });
      try {
        send(id);
      } catch (failure) {
        this.reject(id, new ForgeError('usage.invalid', (failure as Error).message));
      }
    });
  }

  /** An answer that nobody waits for any more is dropped. */
  resolve(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  reject(id: number, reason: ForgeError): void {
    this.#take(id)?.reject(reason);
  }

  /** No answer will come. */
  rejectAll(reason: ForgeError): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, reason);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.late);
    return pending;
  }
}
