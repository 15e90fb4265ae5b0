import type { UsageEntry } from './usage.ts';

/** `stopped`: it rests without an answer. */
export type TurnState = 'open' | 'answered' | 'stopped';

/**
 * What an agent program says of itself in its own records: a conversation file, a stream, a server. Reports may come more
 * than once, for example when a record is read again from its beginning: whoever takes them must not count them twice.
 * Times in ms since the epoch.
 */
export type AgentReport =
  /** The id by which the program resumes this conversation, as soon as it is known. */
  | { type: 'conversation'; id: string }
  /** It has taken this text as a prompt: of Forge or of a person at its pane. `key` is unique in the conversation. */
  | { type: 'prompt'; key: string; text: string; at: number }
  /** It has completed an answer. */
  | { type: 'answer'; at: number }
  | { type: 'usage'; entry: UsageEntry }
  /** What it does, for programs that tell it in no better way. */
  | { type: 'state'; state: 'busy' | 'waiting' | 'idle' | 'failed'; reason: string; at: number }
  /** How its turn stands, of a program whose title tells when it rests: a message may be the answer, or more may follow. */
  | { type: 'turn'; is: TurnState; at: number }
  /** Its provider takes no more until then; null: it does not say until when. */
  | { type: 'limit'; until: number | null; reason: string; at: number };
