import { z } from 'zod';

/** What a run begins with that is a fork of another, as the first event of its history holds it. */
export const forkSchema = z.object({
  /** The run that it is a copy of. */
  of: z.string(),
  /** Where that one works. */
  worktree: z.string(),
  /** The conversation that is copied. */
  conversation: z.string(),
  /** A commit of all that was in the worktree; its parent is where the branch stood. */
  content: z.string(),
  /** Where the branch of the first one began: what the fork changes is told from there on, too. */
  base: z.string(),
  /** What the agent is told to do instead of the task; empty: the task. */
  words: z.string(),
});
export type Fork = z.infer<typeof forkSchema>;
