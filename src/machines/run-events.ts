import type { Completion } from '../domain/completion.ts';
import type { FallbackCause } from '../domain/fallback.ts';
import type { Aim, DeliveryOutcome } from '../ports/delivery.ts';

/**
 * What can happen to a run. `follows`: what follows when its work is complete with this; left out by earlier versions. `isLate`: it was
 * paused since it seemed to be stuck, and has completed its work all the same.
 */
export type RunMachineEvent =
  /** A worker has taken it. Versions that gave a run its worker earlier say nothing of it here. */
  | { type: 'run.started'; worker?: string; agent?: string; endsByItself?: boolean }
  /** `aim`: what its work is for; left out by earlier versions. */
  | { type: 'worktree.prepared'; path: string; branch: string; base: string; aim?: Aim }
  | { type: 'worktree.failed'; reason: string }
  | { type: 'session.started'; pid: number | null }
  | { type: 'session.refused'; reason: string }
  | SessionExited
  | { type: 'session.lost' }
  | { type: 'agent.waiting'; reason: string }
  | { type: 'agent.answered'; isLate?: boolean; follows?: Completion }
  | { type: 'run.paused'; reason: string; by: string; isStuck?: boolean }
  /** `session`: the one that it goes on in, when the one before is gone; null: that is alive. */
  | { type: 'run.resumed'; by: string; session: string | null; follows?: Completion }
  /** The agent `from` could not go on: `agent` does, in the same worktree and a new session. */
  | {
      type: 'run.fellBack';
      cause: FallbackCause;
      reason: string;
      from: string;
      agent: string;
      session: string;
      /** The one that is taken along; null: none, since it is another program. */
      conversation: string | null;
      /** Session and conversation of `from`: by these its last words are found. */
      left: string;
      leftConversation: string | null;
      endsByItself: boolean;
    }
  /** `attempt`: which time of running the gates it speaks of; an earlier one changes nothing. */
  | { type: 'gates.passed'; attempt: number; follows: Completion }
  | GateFailed
  | { type: 'gates.broken'; attempt: number; reason: string }
  /** The worktree is again what it was at the checkpoint; what was there is kept at `kept`. */
  | { type: 'run.rewound'; checkpoint: number; kept: string; reason: string }
  /** `awaits`: it is out, and is done when it was merged. */
  | (DeliveryDone & { type: 'delivery.done' })
  /** It does not merge with `against`: the base branch, or the branch of another run. `asks`: accepted, it is delivered all the same. */
  | { type: 'delivery.conflicted'; files: readonly string[]; against: string; asks?: string }
  | { type: 'delivery.failed'; reason: string; asks?: string }
  | { type: 'merge.seen'; reason: string }
  /** It can not be merged any more, as it is: the branch is gone, or was refused. */
  | { type: 'merge.missed'; reason: string }
  | { type: 'run.approved'; by: string; follows?: Completion }
  | { type: 'run.cancelled'; by: string };

interface SessionExited {
  type: 'session.exited';
  exitCode: number | null;
  signal: number | null;
  /** In the middle of a conversation, by nobody who meant it; left out by earlier versions. */
  isCutOff?: boolean;
  isLate?: boolean;
  follows?: Completion;
}

type DeliveryDone = Omit<Extract<DeliveryOutcome, { type: 'done' }>, 'type'>;

export interface GateFailed {
  type: 'gates.failed';
  attempt: number;
  gate: string;
  /** How it ended, in a sentence. */
  reason: string;
  /** The end of its output. */
  output: string;
  /** How often its output may go back to the agent. */
  rounds: number;
  /** When that is used up: the worktree is taken back first, or a person is asked at once. */
  onFailure: 'rewind' | 'ask';
  /** The one in which the agent is told, when the one before is gone; null: that is alive. */
  session: string | null;
}

export type RunEventOf<T extends RunMachineEvent['type']> = Extract<RunMachineEvent, { type: T }>;
