import type { Message } from '../../domain/message.ts';
import type { MessageRepository } from '../../ports/store.ts';

/** How much of a prompt a list shows, in characters. */
const textMax = 200;

/** Prompts that are on their way, and the newest one of each session, oldest first. */
export function messageViews(messages: MessageRepository): Message[] {
  const shown = new Map([...messages.newest(), ...messages.unfinished()].map((message) => [message.id, message]));
  return [...shown.values()]
    .sort((a, b) => a.id - b.id)
    .map((message) => ({ ...message, text: message.text.slice(0, textMax) }));
}
