import type { RunMachineEvent } from './run-events.ts';

/** Where a paused run goes on: with its agent's work, with what its agent is to mend, or with Forge's own. */
export type GoesOn = 'working' | 'fixing' | 'gating' | 'delivering' | 'complete';

export interface RunMachineContext {
  /** The program's end is the end of its work; otherwise it stays and waits for the next prompt. */
  endsByItself: boolean;
  /** How often the agent said that its answer was complete. */
  answers: number;
  isSessionStarted: boolean;
  /** Its program has ended, or is lost. */
  isSessionOver: boolean;
  reason: string;
  /** Which time of running the gates this is. */
  attempt: number;
  /** How often each gate has failed since a person last let the run go on. */
  failures: Readonly<Record<string, number>>;
  /** A person accepted the work, and nothing has failed since. */
  isApproved: boolean;
  goesOn: GoesOn;
}

export interface RunMachineInput {
  endsByItself: boolean;
}

export function firstContext({ endsByItself }: RunMachineInput): RunMachineContext {
  return {
    ...{ endsByItself, answers: 0, isSessionStarted: false, isSessionOver: false, reason: '' },
    ...{ attempt: 0, failures: {}, isApproved: false, goesOn: 'working' },
  };
}

/** What a decision is made from. */
export interface Given {
  context: RunMachineContext;
  event: RunMachineEvent;
}
