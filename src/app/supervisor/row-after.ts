import { isRunEnded, type Run } from '../../domain/run.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { RunStep } from '../../machines/run-step.ts';
import type { RunTransition } from '../../ports/store.ts';

/** What changes in the row of a run with an event. */
export function rowAfter(event: RunMachineEvent, { status, reason }: RunStep, now: number): RunTransition['row'] {
  return { reason, ...(isRunEnded(status) ? { endedAt: now } : {}), ...ownChanges(event, now) };
}

function ownChanges(event: RunMachineEvent, now: number): Partial<Run> {
  switch (event.type) {
    case 'run.started':
      return { startedAt: now, ...(event.worker && { worker: event.worker, agent: event.agent }) };
    case 'worktree.prepared':
      return { worktree: event.path, branch: event.branch, base: event.base };
    case 'gates.failed':
    case 'run.resumed':
      return event.session === null ? {} : { session: event.session };
    case 'run.fellBack':
      return { agent: event.agent, session: event.session, conversation: event.conversation };
    default:
      return {};
  }
}
