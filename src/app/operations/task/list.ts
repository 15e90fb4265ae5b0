import { z } from 'zod';
import { byUrgency } from '../../../domain/task-graph.ts';
import { storeOperation } from '../../define-operation.ts';

export const taskList = storeOperation({
  name: 'task.list',
  summary: 'List tasks',
  input: z.object({ all: z.boolean().default(false), label: z.string().optional() }),
  run: ({ store }, { all, label }) =>
    store.tasks
      .list()
      .filter((task) => all || task.status === 'open')
      .filter((task) => label === undefined || task.labels.includes(label))
      .sort(byUrgency),
});
