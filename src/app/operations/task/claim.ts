import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskClaim = taskOperation({
  name: 'task.claim',
  summary: 'Take the most urgent ready task, which nobody else gets then',
  input: z.object({ worker: z.string().trim().min(1).max(200).optional(), id: z.string().optional() }),
  run: ({ store, actor }, { worker = actor, id }) => store.tasks.claim(worker, id ?? null),
});

export const taskRelease = taskOperation({
  name: 'task.release',
  summary: 'Give a claimed task back',
  input: z.object({ id: z.string() }),
  run: ({ store }, { id }) => store.tasks.release(id),
});
