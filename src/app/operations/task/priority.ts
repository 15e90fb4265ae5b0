import { z } from 'zod';
import { priorityMost } from '../../../domain/task.ts';
import { taskOperation } from '../../define-operation.ts';

/** From what it is when this is done: keys that are pressed quickly add up. At either end it stays. */
export const taskPriority = taskOperation({
  name: 'task.priority',
  summary: 'Make a task more or less urgent',
  input: z.object({ id: z.string(), by: z.union([z.literal(-1), z.literal(1)]) }),
  run: ({ store: { tasks } }, { id, by }) =>
    tasks.step(() => {
      const priority = Math.max(0, Math.min(priorityMost, tasks.get(id).priority + by));
      return tasks.edit(id, { priority });
    }),
});
