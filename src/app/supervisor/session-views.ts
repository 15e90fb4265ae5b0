import type { AgentWords } from '../../domain/agent-words.ts';
import type { SessionFacts, SessionView } from '../../domain/session.ts';
import { deriveStatus, explainStatus, type StatusInput, type StatusWord } from '../../domain/status.ts';
import type { AgentAdapter } from '../../ports/agent.ts';
import type { OperationContext } from '../context.ts';

/** A view of each of the project's sessions at this moment; a screen is read only where no better signal is there. */
export async function deriveSessionViews(
  { project, agents, store }: OperationContext,
  all: readonly SessionFacts[],
  readScreen: (id: string) => Promise<string>,
  now: number,
): Promise<SessionView[]> {
  const own = all.filter((facts) => facts.labels.project === project.root);
  return Promise.all(
    own.map(async (facts) => {
      const adapter = agents.adapterOfOrNull(facts.labels.agent ?? '');
      const screen = adapter && needsScreen(facts, adapter) ? await readScreen(facts.id).catch(() => null) : null;
      const words = store.words.get(facts.id);
      return viewSession(facts, adapter, screen?.split('\n') ?? null, words, now);
    }),
  );
}

/** What each source says of one session, in the order of their authority: the first that says something decides. */
export async function explainSession(
  { agents, store }: OperationContext,
  facts: SessionFacts,
  readScreen: (id: string) => Promise<string>,
  now: number,
): Promise<StatusWord[]> {
  const adapter = agents.adapterOfOrNull(facts.labels.agent ?? '');
  const screen = facts.endedAt === null ? await readScreen(facts.id).catch(() => null) : null;
  return explainStatus(statusInput(facts, adapter, screen?.split('\n') ?? null, store.words.get(facts.id), now));
}

/**
 * Whether the adapter's screen rules could say something that no better signal does: of a program that tells its state itself only those
 * for dialogs that it does not tell, which it puts up when it is at rest.
 */
export function needsScreen({ program, endedAt }: SessionFacts, { screenRules }: AgentAdapter): boolean {
  if (endedAt !== null) return false;
  if (program === null) return screenRules.length > 0;
  return (
    program.state !== 'working' && program.state !== 'blocked' && screenRules.some(({ isOverTitle }) => isOverTitle)
  );
}

export function viewSession(
  facts: SessionFacts,
  adapter: AgentAdapter | null,
  screen: string[] | null,
  words: AgentWords | null,
  now: number,
): SessionView {
  return { ...facts, status: deriveStatus(statusInput(facts, adapter, screen, words, now)) };
}

export function statusInput(
  facts: SessionFacts,
  adapter: AgentAdapter | null,
  screen: string[] | null,
  words: AgentWords | null,
  now: number,
): StatusInput {
  return {
    facts,
    screen,
    words,
    rules: adapter ?? { screenRules: [] },
    now,
    endsByItself: adapter?.endsByItself ?? true,
  };
}
