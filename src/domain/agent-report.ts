import { z } from 'zod';
import { usageEntrySchema } from './usage.ts';

/** `stopped`: it rests without an answer. */
export const turnStateSchema = z.enum(['open', 'answered', 'stopped']);

/**
 * What an agent program says of itself in its own records: a conversation file, a stream, a server. Reports may come more
 * than once, for example when a record is read again from its beginning: whoever takes them must not count them twice.
 * Times in ms since the epoch.
 */
export const agentReportSchema = z.discriminatedUnion('type', [
  /** The id by which the program resumes this conversation, as soon as it is known. */
  z.object({ type: z.literal('conversation'), id: z.string() }),
  /** It has taken this text as a prompt: of Forge or of a person at its pane. `key` is unique in the conversation. */
  z.object({ type: z.literal('prompt'), key: z.string(), text: z.string(), at: z.number() }),
  /** It has completed an answer. */
  z.object({ type: z.literal('answer'), at: z.number() }),
  z.object({ type: z.literal('usage'), entry: usageEntrySchema }),
  /** What it does, for programs that tell it in no better way. */
  z.object({
    type: z.literal('state'),
    state: z.enum(['busy', 'waiting', 'idle', 'failed']),
    reason: z.string(),
    at: z.number(),
  }),
  /** How its turn stands, of a program whose title tells when it rests: a message may be the answer, or more may follow. */
  z.object({ type: z.literal('turn'), is: turnStateSchema, at: z.number() }),
  /** A tool that it called has ended. `input` and `result` are cut at some length; `isPoll`: it only asked how something stands. */
  z.object({
    type: z.literal('action'),
    key: z.string(),
    name: z.string(),
    input: z.string(),
    result: z.string(),
    isError: z.boolean(),
    isPoll: z.boolean().optional(),
    ms: z.number().optional(),
    at: z.number(),
  }),
  /** Its provider takes no more until then; null: it does not say until when. */
  z.object({ type: z.literal('limit'), until: z.number().nullable(), reason: z.string(), at: z.number() }),
]);
export type AgentReport = z.infer<typeof agentReportSchema>;
