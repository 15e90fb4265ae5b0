import { z } from 'zod';
import type { Run } from '../../../domain/run.ts';
import { supervisorOperation } from '../../define-operation.ts';
import { dispatchReady, groupOf, together } from '../run/dispatch.ts';
import { openProjectsOf } from './members.ts';

export const batchDispatch = supervisorOperation({
  name: 'batch.dispatch',
  summary: 'Queue a run of each task of a batch that is ready, in its own project',
  isAnywhere: true,
  input: z.object({ ...together, name: z.string(), except: z.array(z.string()).default([]) }),
  run: async (context, { name, max, group, except }): Promise<Run[]> => {
    const batch = context.batches.get(name);
    const shared = groupOf(max, group);
    const begun: Run[] = [];
    const problems: Error[] = [];
    for (const [project, there] of await openProjectsOf(context, [batch])) {
      if (there instanceof Error) problems.push(there);
      else {
        there.takeEnvironment(context.environment());
        const tasks = new Set(batch.tasks.flatMap((one) => (one.project === project ? [one.task] : [])));
        const { runs, problem } = await dispatchReady(there, shared, (id) => tasks.has(id) && !except.includes(id));
        begun.push(...runs);
        if (problem) problems.push(problem);
      }
    }
    if (begun.length === 0 && problems[0]) throw problems[0];
    return begun;
  },
});
