import { z } from 'zod';
import type { Batch, BatchMember } from '../../../domain/batch.ts';
import type { OperationContext } from '../../context.ts';
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
  run: async (context, input) => {
    const members = await membersNamed(context, input.tasks);
    return asStep(context, input.name, members, true, () => context.batches.create(input.name, members));
  },
});

export const batchAdd = storeOperation({
  name: 'batch.add',
  summary: 'Put tasks into a batch',
  isAnywhere: true,
  input: z.object({ name: z.string(), tasks: tasks.min(1, 'a task') }),
  run: async (context, input) => {
    const members = await membersNamed(context, input.tasks);
    return asStep(context, input.name, members, true, () => context.batches.add(input.name, members));
  },
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
    const members = isPlain ? present.flat() : await membersNamed(context, input.tasks);
    return asStep(context, input.name, members, false, () => context.batches.remove(input.name, members));
  },
});

/** It can be taken back by who asked; tasks that it does not move are no part of it. */
async function asStep(
  { batches, store }: OperationContext,
  batch: string,
  tasks: readonly BatchMember[],
  isIn: boolean,
  act: () => Promise<Batch>,
): Promise<Batch> {
  const members = tasks.filter((member) => (batches.of(member) === batch) !== isIn);
  const changed = await act();
  store.steps.add({ batch, members, isIn });
  return changed;
}
