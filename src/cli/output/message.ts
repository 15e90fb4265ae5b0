import type { Message } from '../../domain/message.ts';

/** What became of a message, in one line. */
export function messageLine({ id, state, note }: Message, to: string): string {
  const why = note === '' ? '.' : `: ${note}`;
  return `Message ${id} to ${to} is ${state}${why}`;
}
