import type { RunExport } from '../../src/app/history/run-export.ts';
import { rowAfter } from '../../src/app/supervisor/row-after.ts';
import { actorOf } from '../../src/domain/event-actor.ts';
import type { Run, RunEvent } from '../../src/domain/run.ts';
import type { RunMachineEvent } from '../../src/machines/run-events.ts';
import type { RunStep } from '../../src/machines/run-step.ts';
import type { RunStory } from './run-stories.ts';

/** A machine of whatever version. */
export interface Machine {
  beginRun(input: { endsByItself: boolean }): RunStep;
  stepRun(stored: RunStep['snapshot'], event: RunMachineEvent): RunStep | null;
}

const id = 'fg-a3f8-1';
const begunAt = 1_760_000_000_000;

/** The story as a store of that version keeps it, an event a second. */
export function exportedRun({ endsByItself, events }: RunStory, { beginRun, stepRun }: Machine): RunExport {
  const given = { task: 'fg-a3f8', worker: 'ada-1', agent: 'claude' };
  const session = `${id}.k4xq`;
  let step = beginRun({ endsByItself });
  const run: Run = {
    ...{
      id,
      ...given,
      session,
      status: step.status,
      reason: '',
      worktree: null,
      branch: null,
      base: null,
      conversation: null,
    },
    ...{ group: null, groupMax: null },
    ...{ createdAt: begunAt, startedAt: null, endedAt: null, filesChanged: 0, linesAdded: 0, linesRemoved: 0 },
  };
  const told: RunEvent[] = [];
  const tell = (payload: { type: string } & Record<string, unknown>) => {
    const sequence = told.length + 1;
    const at = begunAt + told.length * 1_000;
    const actor = actorOf(payload);
    const led = actor.startsWith('person:') ? null : `event ${enteredBy(told)}`;
    told.push({
      ...{ sequence, run: id, type: payload.type, payload, status: step.status, at },
      ...{ actor, cause: told.length === 0 ? null : led, correlation: 'b7m2k9x4qd' },
    });
    return at;
  };
  tell({ type: 'run.queued', by: 'ada', ...given, firstSession: session, endsByItself });
  for (const event of events) {
    const after = stepRun(step.snapshot, event);
    if (!after) throw new Error(`${event.type} means nothing in ${step.status}`);
    step = after;
    Object.assign(run, rowAfter(event, step, tell({ ...event })), { status: step.status });
  }
  return { forge: 'run', version: 1, run, snapshot: step.snapshot, events: told };
}

function enteredBy(events: readonly RunEvent[]): number {
  return events.findLastIndex(({ status }, index) => status !== events[index - 1]?.status) + 1;
}
