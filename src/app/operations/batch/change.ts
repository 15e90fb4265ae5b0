import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';
import { membersNamed } from './members.ts';

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'a name of a-z, 0-9 and -, at most 64 characters');
const tasks = z.array(z.string());

export const batchCreate = storeOperation({
  name: 'batch.create',
  summary: 'Make a named set of tasks, of any project',
  isAnywhere: true,
  input: z.object({ name, tasks: tasks.default([]) }),
  run: async (context, input) => context.batches.create(input.name, await membersNamed(context, input.tasks)),
});

export const batchAdd = storeOperation({
  name: 'batch.add',
  summary: 'Put tasks into a batch',
  isAnywhere: true,
  input: z.object({ name: z.string(), tasks: tasks.min(1, 'a task') }),
  run: async (context, input) => context.batches.add(input.name, await membersNamed(context, input.tasks)),
});

export const batchRemove = storeOperation({
  name: 'batch.remove',
  summary: 'Take tasks out of a batch; the tasks stay',
  isAnywhere: true,
  input: z.object({ name: z.string(), tasks: tasks.min(1, 'a task') }),
  run: async (context, input) => {
    const { tasks } = context.batches.get(input.name);
    const present = input.tasks.map((typed) => tasks.filter(({ task }) => task === typed.trim().toLowerCase()));
    // One by its whole id goes also when its project is gone.
    const isPlain = present.every(({ length }) => length === 1);
    return context.batches.remove(input.name, isPlain ? present.flat() : await membersNamed(context, input.tasks));
  },
});
