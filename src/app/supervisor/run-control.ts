import type { ForgeError } from '../../base/errors.ts';
import type { Trouble } from '../../domain/fallback.ts';
import type { Outlook } from '../../domain/queue.ts';
import type { Run } from '../../domain/run.ts';
import type { DeliveryOutcome, DeliveryRequest } from '../../ports/delivery.ts';
import type { RunGroup } from '../../ports/store.ts';

/** What became of a task that was dispatched with others. */
export interface Dispatched {
  task: string;
  run: Run | null;
  /** Why it has no run now. */
  problem: ForgeError | null;
}

/** Hands on the live runs of one project. */
export interface RunControl {
  /**
   * Queues a run, which begins as soon as a worker can take it: the named one, or any. Throws `budget.spent`, and the
   * `task.*`, `worker.*` and `agent.*` errors of the table.
   */
  dispatch(task: string, worker: string | null): Promise<Run>;
  /** What would become of it: changes nothing. */
  outlook(task: string): Promise<Outlook>;
  /** The same for several; `group`: so many of these are at work at once, null: as many as the settings allow. */
  dispatchTogether(tasks: readonly string[], group: RunGroup | null): Promise<Dispatched[]>;
  /**
   * A second run that begins with a copy of the conversation and of the worktree, for a task of its own. `words` are said
   * instead of the task, if there are any. Throws `agent.unable`, `run.state`, and what `dispatch` throws.
   */
  fork(run: string, worker: string | null, words: string): Promise<Run>;
  cancel(run: string, by: string): Run;
  /** Accepts the work: the run is done, its task closed, its session ended. */
  approve(run: string, by: string): Run;
  /** Delivers the work of a run that has ended or waits to be merged; null: as the settings say. Throws `run.state`, `task.running`. */
  deliver(run: string, kind: DeliveryRequest['kind'] | null, by: string): Promise<DeliveryOutcome>;
  /**
   * Runs the gates of a run by hand, all or the named one, and changes nothing of the run. Gives which time of running them it was. Throws
   * `gate.missing`, `run.state`, `worktree.missing`.
   */
  tryGates(run: string, gate: string | null, by: string): Promise<number>;
  /**
   * The agent is told to stop; its session stays, and nothing goes on before `resume`. Throws `run.state`. `isStuck`: that is why, and if it
   * completes its work all the same, the run goes on with that.
   */
  pause(run: string, reason: string, by: string, isStuck?: boolean): Run;
  /** Goes on in the session, or in a new one with the same conversation if that is gone. Throws `run.state`, `budget.spent`. */
  resume(run: string, by: string): Run;
  /** Another agent goes on, or the run is paused when none is left. False: the settings name none for that. */
  fallBack(run: string, trouble: Trouble): boolean;
  /** Stops what the agent does at this moment; it takes the next prompt. */
  interrupt(run: string): Promise<void>;
  /** Tells the agent of a paused run to stop once more: it did not hear it. */
  stopAgain(run: string): void;
  /** Resolves when the state of every live run is what the session host says. Rejects with `host.unreachable`. */
  settle(): Promise<void>;
}
