import type { Gate } from '../domain/completion.ts';

/** Where gates run. */
export interface GatePlace {
  run: string;
  worktree: string;
  /** Which time of running the gates of this run it is. */
  attempt: number;
  /** Beside the person's own. */
  env: Readonly<Record<string, string>>;
}

export type GateOutcome =
  | { type: 'passed' }
  /** `reason`: how it ended, in a sentence. `output`: the end of what it wrote. */
  | { type: 'failed'; gate: string; reason: string; output: string }
  /** It could not be run at all: no agent can mend that. */
  | { type: 'broken'; reason: string };

export interface Gates {
  /**
   * Runs the gates in the worktree until one fails. Safe to repeat: what an earlier call of the same run left running has
   * ended before it begins. When `signal` aborts, all of it is ended and the promise rejects.
   */
  run(place: GatePlace, gates: readonly Gate[], signal: AbortSignal): Promise<GateOutcome>;
}
