import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

export const sessionMessages = storeOperation({
  name: 'session.messages',
  summary: 'List the prompts that were sent to sessions, oldest first',
  input: z.object({ session: z.string().nullable().default(null) }),
  run: ({ store }, { session }) => store.messages.list(session),
});
