import { z } from 'zod';
import { deliverySchema } from '../../../domain/completion.ts';
import { supervisorOperation } from '../../define-operation.ts';

export const runDeliver = supervisorOperation({
  name: 'run.deliver',
  summary: 'Deliver the work of an ended run, again or in another way',
  input: z.object({ run: z.string(), as: deliverySchema.exclude(['none']).optional() }),
  run: ({ runs, actor }, { run, as }) => runs.deliver(run, as ?? null, actor),
});
