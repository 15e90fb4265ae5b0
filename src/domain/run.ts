import { z } from 'zod';

/** In the order of a life, then what can come between, then how it can end. */
export const runStatuses = [
  ...(['queued', 'preparing', 'working', 'gating', 'fixing', 'rewinding', 'reviewing', 'delivering'] as const),
  ...(['awaiting', 'paused', 'done', 'failed', 'cancelled'] as const),
] as const;
export const runStatusSchema = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;

export function isRunEnded(status: RunStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}

/** Its agent has something to do: the task, or what a gate said. */
export function hasAgentAtWork(status: RunStatus): boolean {
  return status === 'working' || status === 'fixing';
}

/** Its worker can take no other task. What only waits, to begin or to be merged, holds up nobody. */
export function holdsWorker(status: RunStatus): boolean {
  return !isRunEnded(status) && status !== 'queued' && status !== 'awaiting';
}

/** Why a task can have no other run now. */
export function isRunningText({ id, task, worker, status }: Pick<Run, 'id' | 'task' | 'worker' | 'status'>): string {
  return status === 'queued'
    ? `${task} is queued as run ${id}.`
    : `${task} is being worked on by ${worker} in run ${id}.`;
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
  /** While it is queued, the one that it is to wait for; empty: any. */
  worker: string;
  /** While it is queued, the one that is wished for; empty: any. */
  agent: string;
  status: RunStatus;
  /** What was dispatched together, of which at most `groupMax` may be at work at once; null: it came alone. */
  group: string | null;
  groupMax: number | null;
  /** Why it is in this state, or what it waits for, for a person; empty when there is nothing to say. */
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

/** The order in which several are ended: so none begins because another has made room. */
export function queuedFirst(a: Pick<Run, 'status'>, b: Pick<Run, 'status'>): number {
  return Number(b.status === 'queued') - Number(a.status === 'queued');
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
  /** Who brought it about: `person:ada`, `supervisor`, `host`, `agent`, `gate:tests`. */
  actor: string;
  /** What led to it: `event 3` of this run, `prompt 12`; null: a command, or nothing that is known. */
  cause: string | null;
  /** The same for all that one command or prompt of a person led to; null: of before there were any. */
  correlation: string | null;
}
