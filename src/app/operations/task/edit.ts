import { z } from 'zod';
import { taskPatchSchema } from '../../../domain/task.ts';
import { parseTaskQuery } from '../../../domain/task-query.ts';
import { taskOperation } from '../../define-operation.ts';
import { checkWish } from './check-wish.ts';

export const taskEdit = taskOperation({
  name: 'task.edit',
  summary: 'Change a task',
  input: z.object({ id: z.string(), patch: taskPatchSchema }),
  run: (context, { id, patch }) => {
    checkWish(context, patch);
    const { tasks } = context.store;
    return tasks.step(() => tasks.edit(id, patch));
  },
});

export const taskEditMany = taskOperation({
  name: 'task.edit.many',
  summary: 'Change every task that a query finds',
  input: z.object({ where: z.string().trim().min(1), patch: taskPatchSchema, isSure: z.boolean().default(false) }),
  run: (context, { where, patch, isSure }) => {
    checkWish(context, patch);
    const query = parseTaskQuery(where);
    const { tasks } = context.store;
    return { isDone: isSure, tasks: isSure ? tasks.step(() => tasks.editMany(query, patch)) : tasks.select(query) };
  },
});
