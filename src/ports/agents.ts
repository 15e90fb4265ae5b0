import type { Disposable } from '../base/disposable.ts';
import type { AgentDefinition } from '../domain/agent.ts';
import type { VariableOrigin } from '../domain/agent-environment.ts';
import type { AgentReport } from '../domain/agent-report.ts';
import type { Run } from '../domain/run.ts';
import type { AgentAdapter, AgentFound, FollowedSession, Launch, LaunchRequest } from './agent.ts';

/** Whose program it is, and for which work: both can add to its environment. */
export interface AgentUse {
  agent: string;
  worker?: string;
  task?: string;
}

/** What the catalogue adds by itself. */
type Known = 'definition' | 'environment' | 'recordsDirectory';

/** The agents of one project: definitions joined with their adapters, in the environment that Forge runs in. */
export interface AgentCatalogue {
  list(): AgentDefinition[];
  /** Throws `agent.missing` for a name that is not defined or an adapter that does not exist. */
  adapterOf(agent: string): AgentAdapter;
  /** The same, or null: for lists, which show a session whose agent has left the settings. */
  adapterOfOrNull(agent: string): AgentAdapter | null;
  find(use: AgentUse): Promise<AgentFound>;
  /** What those of agent, worker and task that are given and known add to the environment, and where each comes from. */
  variables(use: { [K in keyof AgentUse]?: string | undefined }): VariableOrigin[];
  /** `ofWorktree`: variables that those of the agent, the worker and the task win over. `forkHolder`: who holds what is forked; left out: the same. */
  launch(
    use: AgentUse,
    request: Omit<LaunchRequest, Known | 'forge' | 'forkEnv'> & {
      ofWorktree: Record<string, string>;
      forkHolder?: AgentUse | undefined;
    },
  ): Promise<Launch>;
  /** Whether the agent can go on with the conversation of this run. */
  holdsConversation(use: AgentUse, run: Run): Promise<boolean>;
  /** Reads the records of a session; an agent without any is silent. */
  follow(use: AgentUse, session: Omit<FollowedSession, Known>, hear: (report: AgentReport) => void): Disposable;
}
