import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

export const taskSearch = taskOperation({
  name: 'task.search',
  summary: 'Find tasks by their words, best first',
  input: z.object({
    words: z.string(),
    limit: z.int().positive().default(20),
    /** Closed ones too. */
    all: z.boolean().default(false),
  }),
  run: ({ store }, { words, limit, all }) => store.tasks.search(words, { limit, isAll: all }),
});
