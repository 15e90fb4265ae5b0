import { ForgeError } from '../../base/errors.ts';
import type { Worker } from '../../domain/worker.ts';
import type { OperationContext } from '../context.ts';

/** The worker that takes a task: the named one, or the first idle one whose agent is on this machine. */
export async function chooseWorker(context: OperationContext, task: string, name: string | null): Promise<Worker> {
  checkFree(context, task);
  const worker = name === null ? await idleWorker(context) : namedWorker(context, name);
  const { settings, agents } = context;
  if (!settings.agents.some((agent) => agent.name === worker.agent)) agents.adapterOf(worker.agent);
  const found = await agents.find(worker.agent);
  if (!found.isFound) throw new ForgeError('agent.missing', found.problem, { next: found.next });
  return worker;
}

/** The store refuses these too, in its transaction; here it is said before a worker is looked for. */
function checkFree({ store }: OperationContext, name: string): void {
  const task = store.tasks.get(name);
  const run = store.runs.live().find((candidate) => candidate.task === task.id);
  if (run) throw new ForgeError('task.running', `${task.id} is being worked on by ${run.worker} in run ${run.id}.`);
  if (task.status === 'closed') throw new ForgeError('task.closed', `${task.id} is closed.`);
  if (!task.isReady) throw new ForgeError('task.blocked', `${task.id} waits for ${task.blockedBy.join(', ')}.`);
}

function namedWorker({ settings }: OperationContext, name: string): Worker {
  const worker = settings.workers.find((candidate) => candidate.name === name);
  if (worker) return worker;
  const names = settings.workers.map((candidate) => candidate.name).join(', ') || 'none';
  throw new ForgeError('worker.missing', `There is no worker ${name}. Workers here: ${names}.`);
}

async function idleWorker({ settings, store, agents }: OperationContext): Promise<Worker> {
  const busy = new Set(store.runs.live().map((run) => run.worker));
  const idle = settings.workers.filter((worker) => !busy.has(worker.name));
  for (const worker of idle) {
    if ((await agents.find(worker.agent)).isFound) return worker;
  }
  const [first] = idle;
  if (first) return first;
  throw new ForgeError('worker.busy', 'No worker is idle.', {
    next: 'Wait for one, or add a worker in .forge/config.yaml.',
  });
}
