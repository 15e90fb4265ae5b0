import type { Completion, Gate } from '../../domain/completion.ts';
import type { Run } from '../../domain/run.ts';
import { gatesIn, type RunOptions, runOptionsSchema } from '../../domain/run-options.ts';
import type { OperationContext } from '../context.ts';

type Asked = Pick<OperationContext, 'settings' | 'store'>;

/** What follows the work of a run, by the settings as they are now (a gate that was corrected counts at once) and its task. */
export function completionOf(context: Asked, run: Run): Completion {
  const { settings } = context;
  const options = optionsOf(context, run);
  const hasGates = (options.gates ?? settings.gates).length > 0;
  return { hasGates, review: options.review ?? settings.review, delivery: options.delivery ?? settings.delivery };
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
