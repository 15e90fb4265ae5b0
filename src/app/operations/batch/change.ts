import { z } from 'zod';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'a name of a-z, 0-9 and -, at most 64 characters');
const tasks = z.array(z.string());

export const batchCreate = storeOperation({
  name: 'batch.create',
  summary: 'Make a named set of tasks',
  input: z.object({ name, tasks: tasks.default([]) }),
  run: (context, input) => {
    const ids = idsOf(context, input.tasks);
    context.store.batches.create(input.name);
    return context.store.batches.add(input.name, ids);
  },
});

export const batchAdd = storeOperation({
  name: 'batch.add',
  summary: 'Put tasks into a batch',
  input: z.object({ name: z.string(), tasks: tasks.min(1, 'a task') }),
  run: (context, input) => context.store.batches.add(input.name, idsOf(context, input.tasks)),
});

export const batchRemove = storeOperation({
  name: 'batch.remove',
  summary: 'Take tasks out of a batch; the tasks stay',
  input: z.object({ name: z.string(), tasks: tasks.min(1, 'a task') }),
  run: (context, input) => context.store.batches.remove(input.name, idsOf(context, input.tasks)),
});

/** Throws `task.missing` before anything is changed. */
function idsOf({ store }: OperationContext, names: readonly string[]): string[] {
  return names.map((typed) => store.tasks.get(typed).id);
}
