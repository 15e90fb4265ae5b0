import { ForgeError } from '../../base/errors.ts';
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

/** Throws `config.invalid` for a gate that the task names and the settings do not have: none is left out in silence. */
export function gatesOf(context: Asked, run: Run): readonly Gate[] {
  const { known, missing } = gatesIn(optionsOf(context, run), context.settings);
  if (missing.length === 0) return known;
  throw new ForgeError('config.invalid', `${run.task} asks for the gate ${missing.join(', ')}, which is not set up.`, {
    next: `Add it to gates in .forge/config.yaml, then: forge resume ${run.id}`,
  });
}

function optionsOf({ store }: Asked, run: Run): RunOptions {
  return runOptionsSchema.safeParse(store.runs.firstEvent(run.id).payload.options).data ?? {};
}
