import { z } from 'zod';

/** How finished work leaves the worktree. */
export const deliveries = ['none', 'patch', 'commit', 'branch', 'pr'] as const;
export const deliverySchema = z.enum(deliveries);
export type DeliveryKind = z.infer<typeof deliverySchema>;

/** Whether a person looks at the work before it is delivered. `open`: at that of a chat that is still open. */
export const reviews = ['open', 'always', 'never'] as const;
export const reviewSchema = z.enum(reviews);
export type Review = z.infer<typeof reviewSchema>;

/** A command that must pass before work is delivered. Its exit status decides, nobody's words. */
export const gateSchema = z.object({
  name: z.string(),
  /** A shell command, run in the worktree. */
  run: z.string(),
  timeoutMs: z.number(),
  /** Beside its neighbours that are too. */
  parallel: z.boolean().optional(),
  /** How often its output goes back to the agent. */
  rounds: z.number(),
  /** When that is used up: the worktree is taken back to what it was before, or a person is asked at once. */
  onFailure: z.enum(['ask', 'rewind']),
});
export type Gate = z.infer<typeof gateSchema>;

/** What follows the work of a run, by the settings at the moment when it is complete. */
export interface Completion {
  /** Gates are to be passed. */
  hasGates: boolean;
  review: Review;
  delivery: DeliveryKind;
}

/** An event of a version that knew none of these says nothing of them. */
export const nothingFollows: Completion = { hasGates: false, review: 'open', delivery: 'none' };
