import type { Run, RunEvent } from '../../domain/run.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import { beginRun, type RunStep, stepRun } from '../../machines/run-step.ts';
import type { RunGroup } from '../../ports/store.ts';
import { rowAfter } from '../supervisor/row-after.ts';

/** What the events of a run make of it, by the machine of this version. */
export interface Replayed {
  step: RunStep;
  /** Fields that no event speaks of are left out: what an earlier version did not write down, and the size of the changes. */
  row: Partial<Run>;
  /** Where an event left the run in another state than it did when it happened; empty: nowhere. */
  differences: string[];
}

/**
 * Of what an earlier version began there are two: it did not write down whether the end of the program is the end of its work.
 * Throws when the events do not begin with that of a run.
 */
export function replayRun(events: readonly RunEvent[]): [Replayed, ...Replayed[]] {
  const [first] = events;
  if (first?.type !== 'run.queued') throw new Error(`It begins with ${first?.type ?? 'nothing'}, not with run.queued.`);
  const { endsByItself } = first.payload;
  if (typeof endsByItself === 'boolean') return [replayFrom(first, events, endsByItself)];
  return [replayFrom(first, events, true), replayFrom(first, events, false)];
}

function replayFrom(first: RunEvent, events: readonly RunEvent[], endsByItself: boolean): Replayed {
  let step = beginRun({ endsByItself });
  const row: Partial<Run> = { ...firstRow(first), status: step.status, reason: step.reason };
  const differences: string[] = [];
  for (const { sequence, type, payload, status, at } of events.slice(1)) {
    const event = payload as unknown as RunMachineEvent;
    const after = stepRun(step.snapshot, event);
    if (after) {
      step = after;
      Object.assign(row, rowAfter(event, step, at), { status: step.status });
    }
    if (type === 'conversation.known') row.conversation = String(payload.conversation);
    if (step.status !== status) differences.push(`event ${sequence} (${type}): it was ${status}, now ${step.status}`);
  }
  return { step, row, differences };
}

function firstRow({ run, payload, at }: RunEvent): Partial<Run> {
  const { task, worker, agent, firstSession: session, group = null } = payload as FirstPayload;
  const begun = { id: run, createdAt: at, worktree: null, branch: null, base: null };
  if (!task || worker === undefined || agent === undefined || !session) return begun;
  const together = { group: group?.id ?? null, groupMax: group?.max ?? null };
  return { ...begun, ...together, task, worker, agent, session, conversation: null, startedAt: null, endedAt: null };
}

interface FirstPayload {
  task?: string;
  worker?: string;
  agent?: string;
  firstSession?: string;
  group?: RunGroup | null;
}
