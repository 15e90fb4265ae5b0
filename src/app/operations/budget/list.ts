import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';
import { readAllSpending, readBudgets } from '../../spending.ts';

export const budgetList = storeOperation({
  name: 'budget.list',
  summary: 'How the budgets stand: of the project, of today, of open tasks, of batches and of live runs',
  input: z.object({}),
  run: async (context) => {
    const { store } = context;
    const live = new Set(store.runs.live().map(({ id }) => id));
    return readBudgets(context, await readAllSpending(context)).filter(({ scope, name }) => {
      if (scope === 'task') return store.tasks.find(name)?.status === 'open';
      return scope === 'run' ? live.has(name) : true;
    });
  },
});
