import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { isRunningText } from '../../../domain/run.ts';
import { taskOperation } from '../../define-operation.ts';

export const taskClose = taskOperation({
  name: 'task.close',
  summary: 'Close a task',
  input: z.object({ id: z.string() }),
  run: ({ store }, input) => {
    const { id } = store.tasks.get(input.id);
    const run = store.runs.live().find((candidate) => candidate.task === id);
    if (run) {
      throw new ForgeError('task.running', isRunningText(run), {
        next:
          run.status === 'queued'
            ? `Take it out of the queue with: forge cancel ${run.id}`
            : `Accept its work with: forge approve ${run.id}. Or end it with: forge cancel ${run.id}`,
      });
    }
    return store.tasks.close(id);
  },
});
