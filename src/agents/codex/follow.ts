import type { Disposable } from '../../base/disposable.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import type { FollowedSession } from '../../ports/agent.ts';
import { followFiles } from '../follow-files.ts';
import { RolloutReader } from './rollout-reader.ts';
import { findRollout, type Rollout, rolloutsIn } from './rollouts.ts';

/**
 * Reads the rollouts of a session: the conversation, its sub-agents, and the next conversation when the person asks for a new
 * one. Codex tells the id of a new conversation nowhere else: it is the one that began in this worktree after the session did.
 */
export function followRollouts(
  sessions: string,
  session: FollowedSession,
  hear: (report: AgentReport) => void,
): Disposable {
  let conversation: Rollout | null = null;
  const threads = new Map<string, string>();

  async function list(): Promise<string[]> {
    if (conversation === null && session.conversation !== null)
      conversation = await findRollout(sessions, session.conversation);
    const endedAt = session.endedAt?.() ?? Number.POSITIVE_INFINITY;
    const begun = await rolloutsIn(sessions, session.worktree, session.startedAt);
    const ours = begun.filter(({ startedAt }) => startedAt <= endedAt);
    goTo(ours.filter(({ isTerminal }) => isTerminal).at(-1));
    if (conversation === null) return [];
    const id = conversation.thread;
    const subAgents = ours.filter((rollout) => rollout.conversation === id && rollout.thread !== id);
    for (const { path, thread } of [conversation, ...subAgents]) threads.set(path, thread);
    return [conversation, ...subAgents].map(({ path }) => path);
  }

  function goTo(newest: Rollout | undefined): void {
    if (newest && (conversation === null || newest.startedAt > conversation.startedAt)) conversation = newest;
    if (conversation === null || conversation.thread === told) return;
    told = conversation.thread;
    hear({ type: 'conversation', id: told });
  }
  let told = session.conversation;

  return followFiles(list, (path) => {
    const thread = threads.get(path) ?? '';
    const reader = new RolloutReader(thread, thread !== conversation?.thread, hear);
    return (line) => reader.read(line);
  });
}
