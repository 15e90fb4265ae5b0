import { z } from 'zod';
import { deliverySchema, type Gate, gateSchema, reviewSchema } from './completion.ts';
import type { Settings } from './settings.ts';

/**
 * What a task asks for in place of the project's settings; what it does not say follows them. A run has what its task said
 * when it was dispatched, as the first event of its history holds it.
 */
export const runOptionsSchema = z.object({
  /** Names of the project's gates, and gates of its own. */
  gates: z.array(z.union([z.string(), gateSchema])).optional(),
  delivery: deliverySchema.optional(),
  review: reviewSchema.optional(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

/** The gates of a run, and the names that the settings do not know. */
export function gatesIn(
  { gates }: RunOptions,
  settings: Pick<Settings, 'gates'>,
): { known: Gate[]; missing: string[] } {
  if (gates === undefined) return { known: [...settings.gates], missing: [] };
  const known: Gate[] = [];
  const missing: string[] = [];
  for (const asked of gates) {
    const gate = typeof asked === 'string' ? settings.gates.find(({ name }) => name === asked) : asked;
    if (gate) known.push(gate);
    else missing.push(String(asked));
  }
  return { known, missing };
}
