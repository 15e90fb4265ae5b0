import { z } from 'zod';

/** Longest comment, in characters: it is typed to an agent. */
export const commentLengthMax = 20_000;
/** Lines of a file that one comment is about. */
export const commentLinesMax = 200;

/** Which lines of a diff somebody means. */
export const placeSchema = z.object({
  /** Of the file, relative to the worktree. On the old side the path that it had. */
  path: z.string().min(1),
  side: z.enum(['old', 'new']),
  /** Numbers of the lines on that side, from 1, both included. */
  first: z.int().min(1),
  last: z.int().min(1),
  /** What they said, joined by line feeds: by that they are found again when the file has changed. */
  quote: z.string(),
});
export type ReviewPlace = z.infer<typeof placeSchema>;

/** What somebody said of lines that a run changed. */
export interface ReviewComment extends ReviewPlace {
  id: number;
  run: string;
  text: string;
  actor: string;
  at: number;
  /** When it was sent to the agent; null: not yet, or the prompt with it did not arrive. */
  sentAt: number | null;
  /** Why it did not; empty when there is nothing to say. */
  note: string;
}
