import { ForgeError } from '../../../base/errors.ts';
import { isRunningText } from '../../../domain/run.ts';
import type { Store } from '../../../ports/store.ts';

/** A task that a worker has is not closed under it. Throws `task.running`. */
export function refuseRunning(store: Store, id: string): void {
  const run = store.runs.live().find((candidate) => candidate.task === id);
  if (!run) return;
  throw new ForgeError('task.running', isRunningText(run), {
    next:
      run.status === 'queued'
        ? `Take it out of the queue with: forge cancel ${run.id}`
        : `Accept its work with: forge approve ${run.id}. Or end it with: forge cancel ${run.id}`,
  });
}
