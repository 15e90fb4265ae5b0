import type { Disposable } from '../base/disposable.ts';
import type { AgentDefinition } from '../domain/agent.ts';
import type { AgentReport } from '../domain/agent-report.ts';
import type { Run } from '../domain/run.ts';
import type { AgentAdapter, AgentFound, FollowedSession, Launch, LaunchRequest } from './agent.ts';

/** What the catalogue adds by itself. */
type Known = 'definition' | 'environment' | 'recordsDirectory';

/** The agents of one project: definitions joined with their adapters, in the environment that Forge runs in. */
export interface AgentCatalogue {
  list(): AgentDefinition[];
  /** Throws `agent.missing` for a name that is not defined or an adapter that does not exist. */
  adapterOf(agent: string): AgentAdapter;
  /** The same, or null: for lists, which show a session whose agent has left the settings. */
  adapterOfOrNull(agent: string): AgentAdapter | null;
  find(agent: string): Promise<AgentFound>;
  launch(agent: string, request: Omit<LaunchRequest, Known | 'forge'>): Promise<Launch>;
  /** Whether the agent can go on with the conversation of this run. */
  holdsConversation(agent: string, run: Run): Promise<boolean>;
  /** Reads the records of a session; an agent without any is silent. */
  follow(agent: string, session: Omit<FollowedSession, Known>, hear: (report: AgentReport) => void): Disposable;
}
