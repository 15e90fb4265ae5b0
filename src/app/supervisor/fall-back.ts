import { randomId } from '../../base/ids.ts';
import { isPersonThere, nextInChain, type Trouble } from '../../domain/fallback.ts';
import { holdsWorker, type Run } from '../../domain/run.ts';
import type { SessionFacts } from '../../domain/session.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { OperationContext } from '../context.ts';

/** Who pauses a run whose agents are used up, in its history. */
const by = 'fallback';

/**
 * What becomes of a run whose agent cannot go on: the next of its chain takes over, or it is paused when none is left. Null:
 * nothing, since the settings name no other agent for that. One that is stuck may begin anew itself, in another conversation.
 */
export function fallBack(
  { settings, store, agents }: Pick<OperationContext, 'settings' | 'store' | 'agents'>,
  run: Run,
  { cause, reason }: Trouble,
): RunMachineEvent | null {
  const definition = settings.agents.find(({ name }) => name === run.agent);
  const hasFallenBack = () => store.runs.events(run.id).some(({ type }) => type === 'run.fellBack');
  const isStuck = cause === 'stuck';
  if (!isStuck && definition?.fallback === undefined && !hasFallenBack()) return null;
  if (!isStuck && definition?.fallbackOn?.includes(cause) === false) return null;
  const live = store.runs.live().filter(({ status }) => holdsWorker(status));
  const { total, perAgent } = settings.limits;
  const hasRoom = (name: string) => live.filter(({ agent }) => agent === name).length < (perAgent[name] ?? total);
  const agent = nextInChain(settings.agents, run.agent, hasRoom) ?? (isStuck ? run.agent : null);
  if (agent === null) {
    return { type: 'run.paused', by, reason: `${run.agent}: ${reason} No other agent is left to go on with.` };
  }
  const { name, endsByItself } = agents.adapterOf(agent);
  const isSameProgram = agents.adapterOfOrNull(run.agent)?.name === name;
  return {
    ...{ type: 'run.fellBack', cause, reason, from: run.agent, agent, session: newSession(run), endsByItself },
    conversation: isSameProgram && !isStuck ? run.conversation : null,
    left: run.session,
    leftConversation: run.conversation,
  };
}

/** The same for an agent that has ended, or could not be started; nothing where a person has ended it. */
export function insteadOfFailure(
  context: Pick<OperationContext, 'settings' | 'store' | 'agents' | 'clock'>,
  run: Run,
  facts: SessionFacts | undefined,
  reason: string,
): RunMachineEvent | null {
  if (facts && (facts.isEndAsked || isPersonThere(facts, facts.endedAt ?? context.clock()))) return null;
  return fallBack(context, run, { cause: 'failure', reason });
}

/** The id of the next session of a run. */
export function newSession(run: Run): string {
  return `${run.id}.${randomId(4)}`;
}
