import { z } from 'zod';

/** First message of a client. `token` proves that it can read the run directory of the daemon's owner. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  daemon: z.string(),
  protocol: z.int(),
  version: z.string(),
  token: z.string(),
});
export type Hello = z.infer<typeof helloSchema>;

/** First message of a daemon; after `refused` it closes. */
export const welcomeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), protocol: z.int(), version: z.string() }),
  z.object({ type: z.literal('refused'), reason: z.enum(['token', 'protocol', 'daemon']), message: z.string() }),
]);
export type Welcome = z.infer<typeof welcomeSchema>;
