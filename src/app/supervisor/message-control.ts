import type { Message, MessageState } from '../../domain/message.ts';

/** Sends prompts into the live sessions of one project. */
export interface MessageControl {
  /**
   * Queues a prompt for each of the sessions, files to be read named in front. Throws `session.missing`, `session.ended`, and
   * `usage.invalid` for an empty one.
   */
  send(sessions: readonly string[], text: string, files: readonly string[]): Promise<Message[]>;
  /** Takes back a prompt that is still queued. Throws `message.missing`, and `message.typed` for one that is not. */
  unsend(id: number): Message;
  /** Waits until all of them have come to that, or can not any more; at most so long. Gives them as they are then. */
  reached(ids: readonly number[], state: MessageState, withinMs: number): Promise<Message[]>;
}
