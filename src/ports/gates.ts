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

/** How one gate ended. `broken`: it could not be run at all, which no agent can mend. */
export interface GateResult {
  gate: string;
  type: 'passed' | 'failed' | 'broken';
  /** In a sentence. */
  reason: string;
  /** The end of what it wrote, a few KB; secrets of its environment are masked. */
  output: string;
  /** How long it took. */
  ms: number;
}

/** A gate that runs. */
export interface RunningGate {
  gate: string;
  /** In ms since the epoch. */
  since: number;
  /** What it wrote last. */
  lastLine: string;
}

/** What a gate wrote, as a file. */
export interface GateLog {
  attempt: number;
  gate: string;
  file: string;
  bytes: number;
}

export interface Gates {
  /**
   * Runs the gates in the worktree, those that are `parallel` beside their neighbours that are too, until one does not pass. Safe to
   * repeat: what an earlier call for the same run left running has ended before it begins. When `signal` aborts, all of it is
   * ended and the promise rejects.
   */
  run(place: GatePlace, gates: readonly Gate[], signal: AbortSignal): Promise<GateResult[]>;
  /** Ends what an earlier process left running, of any run; `placeOf` gives the worktree of one, null: there is none. */
  endLeft(placeOf: (run: string) => string | null): Promise<void>;
  /** Gates of a run that run now, started by this process. */
  running(run: string): RunningGate[];
  /** What the gates of a run wrote, the oldest first. */
  logs(run: string): GateLog[];
  read(log: GateLog): string;
}
