import { age } from '../base/age.ts';
import type { AgentDefinition } from './agent.ts';
import type { SessionFacts, SessionStatus } from './session.ts';

/** `failure`: it ended badly, or reports an error. `limit`: its provider takes no more. `timeout`: no sign of work for too long. */
export const fallbackCauses = ['failure', 'limit', 'timeout'] as const;
/** `stuck`: it does the same again and again. When that is a reason, the steps of `stuck` say. */
export type FallbackCause = (typeof fallbackCauses)[number] | 'stuck';

/** What happened to an agent, for which its run may go on with another. */
export interface Trouble {
  cause: FallbackCause;
  /** For a person, one sentence. */
  reason: string;
}

/** A limit that lasts no longer than this is waited for, in ms. */
export const defaultLimitWaitMs = 600_000;

/** A failure or a limit stands this long, in ms, before it counts: some programs go on by themselves at once. */
const standMs = 5_000;

/** Whoever has typed into a pane in the last so many ms is there, and is not interrupted. */
const personMs = 60_000;

export interface TroubleScene {
  definition: Pick<AgentDefinition, 'limitWaitMs'>;
  status: SessionStatus;
  facts: SessionFacts;
  /** Since when it has given no sign, if that is too long. Ms since the epoch. */
  silentSince: number | null;
  /** When its run last began or went on: what was before is over. */
  sinceAt: number;
  now: number;
}

/** Why the run of an agent that is alive should go on with another; null: it should not, or not yet. */
export function troubleOf({ definition, status, facts, silentSince, sinceAt, now }: TroubleScene): Trouble | null {
  if (isPersonThere(facts, now)) return null;
  if (silentSince !== null)
    return { cause: 'timeout', reason: `It gave no sign of work for ${age(now - silentSince)}.` };
  if (status.since <= sinceAt || now - status.since < standMs) return null;
  if (status.state === 'failed') return { cause: 'failure', reason: because('It failed', status) };
  if (status.state !== 'limited' || facts.program?.state === 'working') return null;
  const waitMs = (status.until ?? Number.POSITIVE_INFINITY) - status.since;
  if (waitMs <= (definition.limitWaitMs ?? defaultLimitWaitMs)) return null;
  return { cause: 'limit', reason: because('Its provider takes no more', status) };
}

/** A sentence. */
function because(what: string, { reason }: SessionStatus): string {
  return reason === '' ? `${what}.` : `${what}: ${reason.replace(/\.$/, '')}.`;
}

/** Somebody types into the pane, or has just done so. */
export function isPersonThere({ isDrafting, lastInputAt, marked }: SessionFacts, now: number): boolean {
  const isForges = lastInputAt === (marked?.at ?? null);
  return isDrafting === true || (!isForges && now - (lastInputAt ?? 0) < personMs);
}

/** The next of an agent's chain that has room; null: there is none. An agent that is not in the settings has no chain. */
export function nextInChain(
  agents: readonly AgentDefinition[],
  name: string,
  hasRoom: (agent: string) => boolean,
): string | null {
  const seen = new Set([name]);
  let next = fallbackOf(agents, name);
  while (next !== undefined && !seen.has(next)) {
    if (hasRoom(next)) return next;
    seen.add(next);
    next = fallbackOf(agents, next);
  }
  return null;
}

function fallbackOf(agents: readonly AgentDefinition[], name: string): string | undefined {
  return agents.find((agent) => agent.name === name)?.fallback;
}
