import type { Disposable } from '../base/disposable.ts';

/** Two processes that send each other JSON values, in order. A broken peer ends the link; nothing throws later. */
export interface MessageLink extends Disposable {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
  onClose(listener: () => void): Disposable;
}
