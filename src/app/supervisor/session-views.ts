import type { SessionFacts, SessionView } from '../../domain/session.ts';
import { deriveStatus } from '../../domain/status.ts';
import type { AgentAdapter } from '../../ports/agent.ts';
import type { OperationContext } from '../context.ts';

/** A view of each of the project's sessions at this moment; a screen is read only where no better signal is there. */
export async function deriveSessionViews(
  { project, agents }: OperationContext,
  all: readonly SessionFacts[],
  readScreen: (id: string) => Promise<string>,
  now: number,
): Promise<SessionView[]> {
  const own = all.filter((facts) => facts.labels.project === project.root);
  return Promise.all(
    own.map(async (facts) => {
      const adapter = agents.adapterOfOrNull(facts.labels.agent ?? '');
      const screen = adapter && needsScreen(facts, adapter) ? await readScreen(facts.id).catch(() => null) : null;
      return viewSession(facts, adapter, screen?.split('\n') ?? null, now);
    }),
  );
}

/** Whether the adapter's screen rules could say something that no better signal does. */
export function needsScreen(facts: SessionFacts, adapter: AgentAdapter): boolean {
  return adapter.screenRules.length > 0 && facts.program === null && facts.endedAt === null;
}

export function viewSession(
  facts: SessionFacts,
  adapter: AgentAdapter | null,
  screen: string[] | null,
  now: number,
): SessionView {
  const endsByItself = adapter?.endsByItself ?? true;
  return {
    ...facts,
    status: deriveStatus({ facts, screen, rules: adapter ?? { screenRules: [] }, now, endsByItself }),
  };
}
