/**
 * A prompt on its way into a session. `queued`: not typed yet. `typing`: its text goes into the program's input. `typed`: Enter
 * follows. `accepted`: the program has taken it. `answered`: and has come to rest since. `failed`: `note` says why, and whether
 * it may have been sent. `cancelled`: taken back while it was queued.
 */
export const messageStates = ['queued', 'typing', 'typed', 'accepted', 'answered', 'failed', 'cancelled'] as const;
export type MessageState = (typeof messageStates)[number];

/** As stored. Times in ms since the epoch; null: it has not come to that. */
export interface Message {
  id: number;
  session: string;
  text: string;
  state: MessageState;
  /** What it waits for, or why it failed; empty when there is nothing to say. */
  note: string;
  actor: string;
  createdAt: number;
  /** When its typing began. */
  typedAt: number | null;
  acceptedAt: number | null;
  answeredAt: number | null;
}

/** It goes nowhere any more. */
export function isMessageOver(state: MessageState): boolean {
  return state === 'answered' || state === 'failed' || state === 'cancelled';
}

/** It may still be typed, or is being: nothing else may be typed into its session before. */
export function isMessageOpen(state: MessageState): boolean {
  return state === 'queued' || state === 'typing' || state === 'typed';
}
