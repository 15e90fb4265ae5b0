import { z } from 'zod';

/** What the faces and the supervisor say to each other, as JSON. Version 1; a change of meaning raises the version. */
export const appProtocolVersion = 1;

/**
 * `project` is the absolute path of the main checkout. `id` is the client's, and comes back with the answer.
 * `environment` is the caller's: agents that a call starts run in it, not in that of a supervisor started days ago.
 * `correlation` is carried by all that the call leads to.
 */
export const appRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id: z.int(),
    project: z.string(),
    operation: z.string(),
    input: z.unknown(),
    environment: z.record(z.string(), z.string()).optional(),
    correlation: z.string().max(64).optional(),
  }),
  z.object({ type: z.literal('watch'), id: z.int(), project: z.string() }),
  z.object({ type: z.literal('status'), id: z.int() }),
  z.object({ type: z.literal('stop'), id: z.int() }),
]);
export type AppRequest = z.infer<typeof appRequestSchema>;

const errorSchema = z.object({ code: z.string(), message: z.string(), next: z.string().optional() });

export const appReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: z.int(), value: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.int(), error: errorSchema }),
  /** Parts of the project's view that changed since the last one; the first holds all of them. */
  z.object({ type: z.literal('view'), project: z.string(), slices: z.record(z.string(), z.unknown()) }),
]);
export type AppReply = z.infer<typeof appReplySchema>;
