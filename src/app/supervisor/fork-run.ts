import { ForgeError } from '../../base/errors.ts';
import { type Fork, forkSchema } from '../../domain/fork.ts';
import type { Run } from '../../domain/run.ts';
import { type TaskDraft, titleMax } from '../../domain/task.ts';
import type { Worker } from '../../domain/worker.ts';
import type { AgentUse } from '../../ports/agents.ts';
import type { Store } from '../../ports/store.ts';
import type { OperationContext } from '../context.ts';
import { worktreeOf } from '../operations/run/read.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import { idleWorker } from './choose-worker.ts';

const mark = ' (fork)';

/** What a fork of the run begins with, and who takes it. Nothing is stored yet but the commit. Throws why it cannot be. */
export async function prepareFork(
  context: OperationContext & { checkpoints: CheckpointControl },
  source: Run,
  workerName: string | null,
  words: string,
): Promise<{ worker: Worker; fork: Fork }> {
  const { agents, checkpoints } = context;
  const worktree = worktreeOf(source);
  const { conversation } = source;
  const adapter = agents.adapterOf(source.agent);
  if (!adapter.abilities.canFork)
    throw new ForgeError('agent.unable', `${source.agent} cannot begin with a copy of a conversation.`);
  if (worktree === null || conversation === null)
    throw new ForgeError('run.state', `Run ${source.id} has no conversation yet that can be copied.`);
  const worker = await idleWorker(context, { id: source.task, agent: source.agent }, workerName);
  if (agents.adapterOf(worker.agent).name !== adapter.name)
    throw new ForgeError(
      'agent.unable',
      `${worker.name} runs ${worker.agent}, which has no conversations of ${source.agent}.`,
    );
  const holder = forkHolder(context, { agent: worker.agent, worker: worker.name, task: source.task }, source);
  if (!(await agents.holdsConversation(holder, source)))
    throw new ForgeError('run.state', `${holder.agent} does not have the conversation of run ${source.id}.`);
  const { commit: content } = await checkpoints.keep(source, 'a fork of it');
  return {
    worker,
    fork: { of: source.id, worktree: worktree.path, conversation, content, base: worktree.base, words },
  };
}

/** Whose state has the conversation that is forked: that of the first one, if it can be taken along from there. */
export function forkHolder({ agents }: Pick<OperationContext, 'agents'>, use: AgentUse, source: Run | null): AgentUse {
  return source !== null && agents.adapterOf(use.agent).isolation?.isForkedAcross ? source : use;
}

/** The task of a fork: the same work, beside the first. */
export function forkedTask({ store }: OperationContext, source: Run): TaskDraft {
  const { title, body, priority, labels, parent, env } = store.tasks.get(source.task);
  const name = `${title.slice(0, titleMax - mark.length)}${mark}`;
  return { title: name, body, priority, labels, parent, env, agent: source.agent };
}

/** Null for a run that is no fork. `at`: before its program began to copy the conversation, in ms since the epoch. */
export function forkOf(store: Store, run: string): { fork: Fork; at: number } | null {
  const events = store.runs.events(run);
  const fork = forkSchema.safeParse(events[0]?.payload.fork);
  if (!fork.success) return null;
  const { at } = events.find(({ type }) => type === 'worktree.prepared') ?? events[0];
  return { fork: fork.data, at };
}
