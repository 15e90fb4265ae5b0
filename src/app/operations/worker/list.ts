import { z } from 'zod';
import { holdsWorker } from '../../../domain/run.ts';
import type { WorkerView } from '../../../domain/worker.ts';
import { storeOperation } from '../../define-operation.ts';

export const workerList = storeOperation({
  name: 'worker.list',
  summary: 'List the workers and what they do',
  input: z.object({}),
  run: async ({ settings, store, agents }): Promise<WorkerView[]> => {
    const held = store.runs.live().filter(({ status }) => holdsWorker(status));
    return Promise.all(
      settings.workers.map(async (worker) => {
        const use = { agent: worker.agent, worker: worker.name };
        const found = await agents.find(use);
        return {
          ...worker,
          run: held.find((run) => run.worker === worker.name)?.id ?? null,
          problem: found.isFound ? null : found.problem,
          canFork: agents.adapterOfOrNull(worker.agent)?.abilities.canFork ?? false,
          variables: agents.variables(use),
        };
      }),
    );
  },
});
