const tails = new Map<string, Promise<unknown>>();

/** Runs `act` after everything that was queued under `key` in this process has ended. */
export function inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
  const turn = (tails.get(key) ?? Promise.resolve()).then(act, act);
  const tail = turn
    .catch(() => undefined)
    .finally(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
  tails.set(key, tail);
  return turn;
}
