import type { Completion, Gate } from '../../domain/completion.ts';
import type { Run } from '../../domain/run.ts';
import { gatesIn, type RunOptions, runOptionsSchema } from '../../domain/run-options.ts';
import { isThoughtStuck } from '../../domain/stuck.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { OperationContext } from '../context.ts';

type Asked = Pick<OperationContext, 'settings' | 'store'>;

/** What follows the work of a run, by the settings as they are now (a gate that was corrected counts at once) and its task. */
export function completionOf(context: Asked, run: Run): Completion {
  const { settings } = context;
  const options = optionsOf(context, run);
  const hasGates = (options.gates ?? settings.gates).length > 0;
  return { hasGates, review: options.review ?? settings.review, delivery: options.delivery ?? settings.delivery };
}

/** Events with which the work of a run may be complete. */
const completing: ReadonlySet<string> = new Set([
  ...['session.exited', 'agent.answered', 'run.approved', 'run.resumed'],
]);

/** The event with what follows if the work is complete with it. */
export function withCompletion(context: Asked, id: string, event: RunMachineEvent): RunMachineEvent {
  if (!completing.has(event.type) || 'follows' in event) return event;
  const run = context.store.runs.get(id);
  const isLate = run.status === 'paused' && isThoughtStuck(context.store.runs.events(id));
  return { ...event, ...(isLate ? { isLate } : {}), follows: completionOf(context, run) } as RunMachineEvent;
}

export function gatesOf(context: Asked, run: Run): readonly Gate[] {
  return gatesIn(optionsOf(context, run), context.settings).known;
}

/** Gates that its task names and the settings do not have. */
export function missingGatesOf(context: Asked, run: Run): readonly string[] {
  return gatesIn(optionsOf(context, run), context.settings).missing;
}

function optionsOf({ store }: Asked, run: Run): RunOptions {
  return runOptionsSchema.safeParse(store.runs.firstEvent(run.id).payload.options).data ?? {};
}
