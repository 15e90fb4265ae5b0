import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { z } from 'zod';
import { runStatusSchema } from '../domain/run.ts';
import type { RunSnapshot } from '../ports/store.ts';
import type { RunMachineContext, RunMachineInput } from './run-context.ts';
import type { RunMachineEvent } from './run-events.ts';
import { type Ensure, readableMachineVersions, runMachine, runMachineVersion } from './run-machine.ts';

/** Where a run stands: what the store keeps and what the supervisor must make true. */
export interface RunStep {
  status: z.infer<typeof runStatusSchema>;
  reason: string;
  ensure: Ensure;
  isSessionStarted: boolean;
  /** How often its agent has said that its answer was complete. */
  answers: number;
  /** Which time of running its gates this is, and how often each has failed. */
  attempt: number;
  failures: RunMachineContext['failures'];
  snapshot: RunSnapshot;
}

export function beginRun(input: RunMachineInput): RunStep {
  const [snapshot] = initialTransition(runMachine, input);
  return describe(snapshot);
}

/** The stored snapshot as a step. Throws for a snapshot that this version of the machine cannot read. */
export function restoreRun(stored: RunSnapshot): RunStep {
  return describe(resolve(stored));
}

/** The run after the event, or null when the event means nothing in its state (a late signal, a second cancel). */
export function stepRun(stored: RunSnapshot, event: RunMachineEvent): RunStep | null {
  const before = resolve(stored);
  if (!before.can(event)) return null;
  const [after] = transition(runMachine, before, event);
  return describe(after);
}

// A snapshot with an unknown state is accepted by XState and fails much later, uncaught: so it is read strictly here.
const storedSchema = z.object({
  status: z.enum(['active', 'done']),
  value: runStatusSchema,
  context: z.strictObject({
    endsByItself: z.boolean(),
    answers: z.int().min(0),
    isSessionStarted: z.boolean(),
    reason: z.string(),
    // Since version 3.
    isSessionOver: z.boolean().default(false),
    attempt: z.int().min(0).default(0),
    failures: z.record(z.string(), z.int().min(1)).default({}),
    isApproved: z.boolean().default(false),
    goesOn: z.enum(['working', 'fixing', 'gating', 'delivering', 'complete']).default('working'),
  }),
});

function resolve(stored: RunSnapshot): SnapshotFrom<typeof runMachine> {
  if (!readableMachineVersions.includes(stored.machineVersion)) {
    throw new Error(
      `It was written by version ${stored.machineVersion} of the run machine; this is ${runMachineVersion}.`,
    );
  }
  const { status, value, context } = storedSchema.parse(stored.snapshot);
  return runMachine.resolveState({ status, value, context } as Parameters<typeof runMachine.resolveState>[0]);
}

function describe(snapshot: SnapshotFrom<typeof runMachine>): RunStep {
  const status = runStatusSchema.parse(snapshot.value);
  const [meta] = Object.values(snapshot.getMeta());
  if (meta === undefined) throw new Error(`State ${status} of the run machine declares nothing to ensure.`);
  return {
    status,
    reason: snapshot.context.reason,
    ensure: meta.ensure,
    isSessionStarted: snapshot.context.isSessionStarted,
    answers: snapshot.context.answers,
    attempt: snapshot.context.attempt,
    failures: snapshot.context.failures,
    snapshot: {
      machineVersion: runMachineVersion,
      snapshot: { status: snapshot.status, value: snapshot.value, context: snapshot.context },
    },
  };
}
