import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskFilterList = taskOperation({
  name: 'task.filter.list',
  summary: 'List the saved filters',
  input: z.object({}),
  run: ({ store }) => store.filters.list(),
});

export const taskFilterRemove = taskOperation({
  name: 'task.filter.remove',
  summary: 'Forget a saved filter',
  input: z.object({ name: z.string() }),
  run: ({ store }, { name }) => store.filters.remove(name),
});
