import { z } from 'zod';
import { type Tokens, tokensSchema } from './tokens.ts';

/**
 * What one model call used, as the program itself says. Of several with one `key` and `model` in a conversation the newest
 * counts alone, so an entry can be given again, and with higher numbers while an answer grows.
 */
export const usageEntrySchema = z.object({
  key: z.string(),
  model: z.string(),
  tokens: tokensSchema,
  /** US dollars, if the program says so itself; otherwise the price table is asked. */
  usd: z.number().nullable(),
  at: z.number(),
});
export type UsageEntry = z.infer<typeof usageEntrySchema>;

/** Model calls of one run, agent, model and day, with prompts of like length, added up. */
export interface UsageSum {
  run: string;
  agent: string;
  model: string;
  /** In the person's time zone: 2026-11-21. */
  day: string;
  /** Of the lengths at which prices change, the largest that these prompts exceed, in tokens; 0: none. */
  promptAbove: number;
  tokens: Tokens;
  /** US dollars that the program told itself. */
  toldUsd: number;
  /** Tokens of the calls for which it told none. */
  untold: Tokens;
}
