import { z } from 'zod';
import { filterNameSchema } from '../../../domain/task-filter.ts';
import { parseTaskQuery } from '../../../domain/task-query.ts';
import { taskOperation } from '../../define-operation.ts';

export const taskList = taskOperation({
  name: 'task.list',
  summary: 'List tasks, most urgent first',
  input: z.object({
    all: z.boolean().default(false),
    label: z.string().optional(),
    where: z.string().default(''),
    filter: z.string().optional(),
    /** Keeps the query under this name. */
    save: filterNameSchema.optional(),
    limit: z.int().positive().optional(),
    offset: z.int().min(0).optional(),
  }),
  run: ({ store }, { all, label, where, filter, save, limit, offset }) => {
    const saved = filter === undefined ? '' : store.filters.get(filter).query;
    const text = [saved, where].filter(Boolean).join(' ');
    const query = parseTaskQuery(text);
    if (save !== undefined) store.filters.save({ name: save, query: text });
    const isStatusAsked = query.conditions.some(({ key }) => key === 'status');
    if (!all && !isStatusAsked) query.conditions.push({ key: 'status', compare: '=', value: 'open', isNot: false });
    if (label !== undefined) query.conditions.push({ key: 'label', compare: '=', value: label, isNot: false });
    return store.tasks.select(query, { limit, offset });
  },
});
