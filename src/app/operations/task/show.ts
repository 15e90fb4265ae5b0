import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

export const taskShow = storeOperation({
  name: 'task.show',
  summary: 'Show one task',
  input: z.object({ id: z.string() }),
  run: ({ store }, { id }) => store.tasks.get(id),
});
