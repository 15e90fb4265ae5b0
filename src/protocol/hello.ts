import { z } from 'zod';

/**
 * First message of a client. `token` proves that it can read the run directory of the daemon's owner. With the wish
 * `hand-over` it is admitted whatever protocol it speaks, and the daemon leaves everything to its successor and ends: this
 * message keeps its form in every version, so that a newer client can always ask an older daemon to make room.
 */
export const helloSchema = z.object({
  type: z.literal('hello'),
  daemon: z.string(),
  protocol: z.int(),
  version: z.string(),
  token: z.string(),
  wish: z.literal('hand-over').optional(),
});
export type Hello = z.infer<typeof helloSchema>;

/** First message of a daemon; after `refused` it closes. */
export const welcomeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), protocol: z.int(), version: z.string() }),
  z.object({ type: z.literal('refused'), reason: z.enum(['token', 'protocol', 'daemon']), message: z.string() }),
]);
export type Welcome = z.infer<typeof welcomeSchema>;
