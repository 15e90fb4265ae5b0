import { AsyncLocalStorage } from 'node:async_hooks';
import { randomId } from './ids.ts';

const scope = new AsyncLocalStorage<string>();

/** Runs `act`, and all that it starts, as what the command of this correlation id led to. */
export function inCommand<T>(correlation: string, act: () => T): T {
  return scope.run(correlation, act);
}

/** The correlation id of the command that is being done; null outside of one. */
export function presentCommand(): string | null {
  return scope.getStore() ?? null;
}

/** One a command or prompt that a person gives: all that it leads to carries it. */
export function newCorrelation(): string {
  return randomId(10);
}
