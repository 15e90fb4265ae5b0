import { z } from 'zod';
import { sessionFactsSchema, sessionSpecSchema } from '../domain/session.ts';

/** What the session host and its clients say to each other. A change of meaning raises the version. */
export const hostProtocolVersion = 2;

const sizeSchema = z.object({ cols: z.int().min(2).max(1000), rows: z.int().min(1).max(500) });
const session = z.string();

/** The methods of the host: their parameters and what they answer. */
export const hostMethods = {
  ensure: { params: z.object({ spec: sessionSpecSchema }), result: sessionFactsSchema },
  list: { params: z.object({}), result: z.array(sessionFactsSchema) },
  screen: { params: z.object({ session, format: z.enum(['text', 'ansi']) }), result: z.string() },
  /** Where the recording is, which may be empty or missing: all output so far is in it. The size is the present one. */
  recording: {
    params: z.object({ session }),
    result: z.object({ folder: z.string(), cols: z.int(), rows: z.int(), isEnded: z.boolean() }),
  },
  /** The lines that the host keeps, 1,000 and the screen, with SGR attributes: for a session that is not recorded. */
  lines: { params: z.object({ session }), result: z.string() },
  /** Base64 of bytes as a keyboard sends them. Of a mark that came before nothing is typed. */
  send: {
    params: z.object({
      session,
      data: z.string(),
      mark: z
        .object({ mark: z.string().max(100), yieldsToDraft: z.boolean(), emptyAfter: z.number().nullish() })
        .optional(),
    }),
    result: z.null(),
  },
  kill: { params: z.object({ session, graceMs: z.int().min(0).max(60_000) }), result: z.null() },
  forget: { params: z.object({ session }), result: z.null() },
  /** The client chooses the channel; a snapshot comes on it first, then output. */
  attach: {
    params: z.object({ session, channel: z.int().min(1).max(0xffff_ffff), size: sizeSchema.nullable() }),
    result: sizeSchema,
  },
  detach: { params: z.object({ channel: z.int() }), result: z.null() },
  resize: { params: z.object({ session, size: sizeSchema }), result: z.null() },
  /** From now on `facts` events come for every session. */
  watch: { params: z.object({}), result: z.null() },
  status: {
    params: z.object({}),
    result: z.object({
      pid: z.int(),
      version: z.string(),
      protocol: z.int(),
      startedAt: z.number(),
      sessions: z.int(),
    }),
  },
  stop: { params: z.object({ force: z.boolean() }), result: z.null() },
} as const;

export type HostMethod = keyof typeof hostMethods;
export type HostParams<M extends HostMethod> = z.infer<(typeof hostMethods)[M]['params']>;
export type HostResult<M extends HostMethod> = z.infer<(typeof hostMethods)[M]['result']>;

export const hostRequestSchema = z.object({
  type: z.literal('request'),
  id: z.int(),
  method: z.enum(Object.keys(hostMethods) as [HostMethod, ...HostMethod[]]),
  params: z.unknown(),
});

export const hostReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), id: z.int(), result: z.unknown() }),
  z.object({
    type: z.literal('failure'),
    id: z.int(),
    error: z.object({ code: z.string(), message: z.string(), next: z.string().optional() }),
  }),
  z.object({ type: z.literal('facts'), facts: sessionFactsSchema }),
  /** In order with the output of the channel. */
  z.object({ type: z.literal('resized'), channel: z.int(), cols: z.int(), rows: z.int() }),
  z.object({ type: z.literal('ended'), channel: z.int() }),
]);
