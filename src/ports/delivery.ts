import type { DeliveryKind } from '../domain/completion.ts';
import type { DeliverTo, DeliveryTemplates } from '../domain/delivery.ts';
import type { Task } from '../domain/task.ts';
import type { Worktree } from './git.ts';

/** What the work of a run is for. */
export interface Aim {
  /** Short name of the branch that it is to be merged into; null: whatever the main checkout has, on no branch. */
  branch: string | null;
  /** Address of the remote, as it was before the first agent began; null: there is none. */
  url: string | null;
}

export interface DeliveryRequest {
  kind: Exclude<DeliveryKind, 'none'>;
  run: string;
  task: Pick<Task, 'id' | 'title' | 'body'>;
  worktree: Worktree;
  aim: Aim;
  to: DeliverTo;
  templates: DeliveryTemplates;
  /** No mark of Forge may be in what leaves. */
  isStealth: boolean;
  /** Names of the gates that it passed. */
  gates: readonly string[];
  /** Ignored files that were copied into the worktree, relative to it: they never leave. */
  copied: readonly string[];
  /** Worktrees of other live runs. */
  others: readonly Worktree[];
  /** What earlier outcomes asked about, and a person has accepted since. */
  accepted: readonly string[];
}

export type DeliveryOutcome =
  | {
      type: 'done';
      reason: string;
      /** It is out, and is done when it was merged. */
      awaits: boolean;
      /** The newest one of what was delivered; null: there was nothing. */
      commit: string | null;
      /** Address of the pull request, path of the patch. */
      pullRequest?: string;
      patch?: string;
    }
  /** `asks`: accepted, it is delivered all the same. */
  | { type: 'conflicted'; files: readonly string[]; against: string; asks?: string }
  | { type: 'failed'; reason: string; asks?: string };

/** What was delivered, and is to be merged. */
export interface Delivered {
  run: string;
  worktree: Worktree;
  aim: Aim;
  to: DeliverTo;
  commit: string;
  pullRequest: string | null;
}

export type MergeOutcome = { type: 'seen' | 'missed'; reason: string };

export interface Delivery {
  /** What work is for that begins now, at `base` (the setting of worktrees). */
  aim(remote: string, base: string): Promise<Aim>;
  /** Safe to repeat: what is delivered already is not delivered again. */
  deliver(request: DeliveryRequest): Promise<DeliveryOutcome>;
  /** What became of a delivered branch; null: nothing yet. Cheap while no ref changes. */
  merged(delivered: Delivered): Promise<MergeOutcome | null>;
}
