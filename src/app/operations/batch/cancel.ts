import { z } from 'zod';
import { partlyCancelled } from '../../../domain/partly-cancelled.ts';
import { queuedFirst, type Run } from '../../../domain/run.ts';
import { supervisorOperation } from '../../define-operation.ts';
import { openProjectsOf } from './members.ts';

export const batchCancel = supervisorOperation({
  name: 'batch.cancel',
  summary: 'End the runs of a batch; its tasks stay',
  isAnywhere: true,
  input: z.object({ name: z.string() }),
  run: async (context, { name }): Promise<Run[]> => {
    const batch = context.batches.get(name);
    const cancelled: Run[] = [];
    const problems: Error[] = [];
    for (const [project, there] of await openProjectsOf(context, [batch])) {
      if (there instanceof Error) {
        problems.push(there);
        continue;
      }
      const tasks = new Set(batch.tasks.flatMap((one) => (one.project === project ? [one.task] : [])));
      const live = there.store.runs.live().filter(({ task }) => tasks.has(task));
      cancelled.push(...live.sort(queuedFirst).map(({ id }) => there.runs.cancel(id, context.actor)));
    }
    if (problems[0]) throw partlyCancelled(problems[0], cancelled);
    return cancelled;
  },
});
