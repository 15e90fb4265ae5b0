import { ForgeError } from '../../base/errors.ts';
import { holdsWorker, isRunningText } from '../../domain/run.ts';
import { type Task, whyNotReady } from '../../domain/task.ts';
import type { Worker } from '../../domain/worker.ts';
import type { OperationContext } from '../context.ts';

type Wish = Pick<Task, 'id' | 'agent'>;

/**
 * Throws why no worker could ever take the task as things are: none is named so, none runs the agent that is wished for, or
 * no program of those is on this machine.
 */
export async function checkWorkers(context: OperationContext, task: Wish, name: string | null): Promise<void> {
  const able = name === null ? ableWorkers(context, task) : [namedWorker(context, name)];
  for (const worker of able) if ((await find(context, task, worker)).isFound) return;
  const [first] = able;
  if (!first) throw new ForgeError('worker.missing', 'There is no worker in the settings.');
  if (!context.settings.agents.some(({ name: known }) => known === first.agent)) context.agents.adapterOf(first.agent);
  const found = await find(context, task, first);
  if (!found.isFound) throw new ForgeError('agent.missing', found.problem, { next: found.next });
}

/** The named worker, or the first idle one whose agent is wished for and on this machine. Throws `worker.busy` when none is. */
export async function idleWorker(context: OperationContext, task: Wish, name: string | null): Promise<Worker> {
  await checkWorkers(context, task, name);
  if (name !== null) return namedWorker(context, name);
  const busy = new Set(
    context.store.runs.live().flatMap(({ status, worker }) => (holdsWorker(status) ? [worker] : [])),
  );
  for (const worker of ableWorkers(context, task))
    if (!busy.has(worker.name) && (await find(context, task, worker)).isFound) return worker;
  throw new ForgeError('worker.busy', task.agent ? `No worker with ${task.agent} is idle.` : 'No worker is idle.', {
    next: 'Wait for one, or add a worker in .forge/config.yaml.',
  });
}

/** The store refuses these too, in its transaction; here it is said before a worker is looked for. */
export function checkFree({ store }: OperationContext, id: string): void {
  const task = store.tasks.get(id);
  const run = store.runs.live().find((candidate) => candidate.task === task.id);
  if (run) throw new ForgeError('task.running', isRunningText(run));
  if (task.status === 'closed') throw new ForgeError('task.closed', `${task.id} is closed.`);
  if (task.claimedAt !== undefined) throw new ForgeError('task.claimed', `${task.id} ${whyNotReady(task)}.`);
}

function find({ agents }: OperationContext, task: Wish, worker: Worker) {
  return agents.find({ agent: worker.agent, worker: worker.name, task: task.id });
}

function namedWorker({ settings }: OperationContext, name: string): Worker {
  const worker = settings.workers.find((candidate) => candidate.name === name);
  if (worker) return worker;
  const names = settings.workers.map((candidate) => candidate.name).join(', ') || 'none';
  throw new ForgeError('worker.missing', `There is no worker ${name}. Workers here: ${names}.`);
}

function ableWorkers({ settings }: OperationContext, task: Wish): Worker[] {
  const able = settings.workers.filter(({ agent }) => task.agent === undefined || agent === task.agent);
  if (able.length === 0 && task.agent !== undefined) throw noWorkerOf(task.id, task.agent);
  return able;
}

function noWorkerOf(task: string, agent: string): ForgeError {
  return new ForgeError('worker.missing', `${task} wants the agent ${agent}, and no worker runs that.`, {
    next: `Add one in .forge/config.yaml, name a worker: forge dispatch ${task} WORKER, or take any: forge task edit ${task} --agent ""`,
  });
}
