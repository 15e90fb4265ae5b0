import { ForgeError } from '../../base/errors.ts';
import { holdsWorker } from '../../domain/run.ts';
import type { Task } from '../../domain/task.ts';
import type { Worker } from '../../domain/worker.ts';
import type { OperationContext } from '../context.ts';

type Wish = Pick<Task, 'id' | 'agent'>;

/** The worker that takes a task: the named one, or the first idle one whose agent is wished for and on this machine. */
export async function chooseWorker(context: OperationContext, task: Wish, name: string | null): Promise<Worker> {
  const worker = name === null ? await idleWorker(context, task) : namedWorker(context, name);
  const { settings, agents } = context;
  if (!settings.agents.some((agent) => agent.name === worker.agent)) agents.adapterOf(worker.agent);
  const found = await agents.find({ agent: worker.agent, worker: worker.name, task: task.id });
  if (!found.isFound) throw new ForgeError('agent.missing', found.problem, { next: found.next });
  return worker;
}

/** The store refuses these too, in its transaction; here it is said before a worker is looked for. */
export function checkFree({ store }: OperationContext, id: string): void {
  const task = store.tasks.get(id);
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

async function idleWorker({ settings, store, agents }: OperationContext, task: Wish): Promise<Worker> {
  const able = settings.workers.filter(({ agent }) => task.agent === undefined || agent === task.agent);
  if (able.length === 0 && task.agent !== undefined) throw noWorkerOf(task.id, task.agent);
  const busy = new Set(store.runs.live().flatMap(({ status, worker }) => (holdsWorker(status) ? [worker] : [])));
  const idle = able.filter((worker) => !busy.has(worker.name));
  for (const worker of idle) {
    if ((await agents.find({ agent: worker.agent, worker: worker.name, task: task.id })).isFound) return worker;
  }
  const [first] = idle;
  if (first) return first;
  throw new ForgeError('worker.busy', task.agent ? `No worker with ${task.agent} is idle.` : 'No worker is idle.', {
    next: 'Wait for one, or add a worker in .forge/config.yaml.',
  });
}

function noWorkerOf(task: string, agent: string): ForgeError {
  return new ForgeError('worker.missing', `${task} wants the agent ${agent}, and no worker runs that.`, {
    next: `Add one in .forge/config.yaml, name a worker: forge dispatch ${task} WORKER, or take any: forge task edit ${task} --agent ""`,
  });
}
