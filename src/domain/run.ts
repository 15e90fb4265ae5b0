import { z } from 'zod';

export const runStatuses = ['queued', 'preparing', 'working', 'paused', 'done', 'failed', 'cancelled'] as const;
export const runStatusSchema = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;

export function isRunEnded(status: RunStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}

export const diffStatSchema = z.object({
  filesChanged: z.number(),
  linesAdded: z.number(),
  linesRemoved: z.number(),
});
export type DiffStat = z.infer<typeof diffStatSchema>;

/** One attempt to carry a task through its lifecycle, as stored. Money in US dollars, times in ms since the epoch. */
export interface Run extends DiffStat {
  id: string;
  task: string;
  worker: string;
  agent: string;
  status: RunStatus;
  /** Why it is in this state, for a person; empty when there is nothing to say. */
  reason: string;
  worktree: string | null;
  branch: string | null;
  /** Commit that the branch started from. */
  base: string | null;
  /** The newest one: a resumed run gets another. */
  session: string;
  /** By which the agent can go on where it was; null: it never said one. */
  conversation: string | null;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
}

/** A row of a run's history: append-only. */
export interface RunEvent {
  /** Counts from 1 within the run. */
  sequence: number;
  run: string;
  type: string;
  /** The event as the machine received it. */
  payload: Record<string, unknown>;
  /** Status of the run after the event. */
  status: RunStatus;
  at: number;
}
