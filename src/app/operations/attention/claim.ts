import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';

export const attentionClaim = supervisorOperation({
  name: 'attention.claim',
  summary: 'Which of those that wait for a person no other dashboard has told of',
  /** Each names a run and why it waits. */
  input: z.object({ keys: z.array(z.string().max(2_000)).max(1_000) }),
  run: ({ attention }, { keys }) => attention.claim(keys),
});
