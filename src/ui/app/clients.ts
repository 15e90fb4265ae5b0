import type { AppClient } from '../../app/client.ts';

/** How long what is asked waits for a supervisor that is being started, in ms. */
const reachMs = 5_000;

/** Who is asked in each project that is shown, by its checkout; '' for one that is shown alone. */
export class Clients {
  readonly #byRoot = new Map<string, AppClient>();

  /** Null: its supervisor is away. */
  set(root: string, client: AppClient | null): void {
    if (client === null) this.#byRoot.delete(root);
    else this.#byRoot.set(root, client);
  }

  of(root = ''): AppClient | null {
    return this.#byRoot.get(root) ?? this.#byRoot.get('') ?? null;
  }

  /** Looks for the one of `root()` at each change, while its supervisor is being started. Null: it took too long. */
  reached(root: () => string | undefined, subscribe: (look: () => void) => () => void): Promise<AppClient | null> {
    const { promise, resolve } = Promise.withResolvers<AppClient | null>();
    const unsubscribe = subscribe(() => {
      const client = this.of(root());
      if (client) resolve(client);
    });
    const timer = setTimeout(() => resolve(null), reachMs);
    return promise.finally(() => {
      unsubscribe();
      clearTimeout(timer);
    });
  }
}
