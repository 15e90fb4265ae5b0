import type { Completion, Gate } from '../../domain/completion.ts';
import type { Run } from '../../domain/run.ts';
import type { OperationContext } from '../context.ts';

type Asked = Pick<OperationContext, 'settings'>;

/** What follows the work of a run by the settings as they are now: a gate that was corrected counts at once. */
export function completionOf(context: Asked, run: Run): Completion {
  const { review, delivery } = context.settings;
  return { hasGates: gatesOf(context, run).length > 0, review, delivery };
}

export function gatesOf({ settings }: Asked, _run: Run): readonly Gate[] {
  return settings.gates;
}
