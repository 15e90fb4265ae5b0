import type { DeliveryKind } from '../domain/completion.ts';
import type { Task } from '../domain/task.ts';
import type { Worktree } from './git.ts';

export interface DeliveryRequest {
  kind: Exclude<DeliveryKind, 'none'>;
  run: string;
  task: Pick<Task, 'id' | 'title' | 'body'>;
  worktree: Worktree;
  /** Worktrees of other live runs. */
  others: readonly Worktree[];
}

export type DeliveryOutcome =
  /** `awaits`: it is out, and is done when it was merged. `commit`: the newest one of what was delivered. */
  | { type: 'done'; reason: string; awaits: boolean; commit: string | null }
  | { type: 'conflicted'; files: readonly string[]; against: string }
  | { type: 'failed'; reason: string };

export type MergeOutcome = { type: 'seen' | 'missed'; reason: string };

export interface Delivery {
  /** Safe to repeat: what is delivered already is not delivered again. */
  deliver(request: DeliveryRequest): Promise<DeliveryOutcome>;
  /** What became of a delivered branch; null: nothing yet. */
  merged(worktree: Worktree): Promise<MergeOutcome | null>;
}
