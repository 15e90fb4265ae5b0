import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';

/** Longest that one question may wait, in ms: shorter than a client waits for its answer. */
const withinMsMax = 25_000;

export const sessionSend = supervisorOperation({
  name: 'session.send',
  summary: 'Send a prompt to sessions: it is typed when the program of each is ready for it',
  input: z.object({
    /** Ids of live sessions. */
    sessions: z.array(z.string()).min(1),
    text: z.string(),
    /** Absolute paths of files that the prompt names. */
    files: z.array(z.string()).default([]),
  }),
  run: ({ messages }, { sessions, text, files }) => messages.send(sessions, text, files),
});

export const sessionSent = supervisorOperation({
  name: 'session.sent',
  summary: 'Wait until prompts have been accepted or answered, or cannot be any more',
  input: z.object({
    ids: z.array(z.int()).min(1),
    state: z.enum(['accepted', 'answered']),
    withinMs: z.int().min(0).max(withinMsMax).default(withinMsMax),
  }),
  run: ({ messages }, { ids, state, withinMs }) => messages.reached(ids, state, withinMs),
});

export const sessionUnsend = supervisorOperation({
  name: 'session.unsend',
  summary: 'Take back a prompt that has not been typed yet',
  input: z.object({ id: z.int() }),
  run: ({ messages }, { id }) => messages.unsend(id),
});
