import type { AgentDefinition } from '../domain/agent.ts';
import type { StatusRules } from '../domain/status.ts';

/** What one launch needs to know. */
export interface LaunchRequest {
  definition: AgentDefinition;
  prompt: string;
  task: string;
  run: string;
  session: string;
  worktree: string;
  /** The main checkout of the project: what the person trusts there is trusted in its worktrees. */
  repository: string;
  /** The environment that Forge itself was started with. */
  environment: Record<string, string>;
}

/** What the host is asked to start. `env` is complete: nothing else is inherited. */
export interface Launch {
  command: string[];
  env: Record<string, string>;
}

export type AgentFound =
  | { isFound: true; path: string; version: string }
  | { isFound: false; problem: string; next: string };

/** One agent program: how it is found, started and read. What it cannot do is declared, not guessed. */
export interface AgentAdapter extends StatusRules {
  readonly name: string;
  readonly summary: string;
  /** The program's end is the end of its work (a script), or it stays and waits for the next prompt (a chat). */
  readonly endsByItself: boolean;
  /** `repository` is the main checkout, which a relative program such as `./agent.sh` starts from. */
  find(definition: AgentDefinition, environment: Record<string, string>, repository: string): Promise<AgentFound>;
  /** May write private files of Forge or of the agent, never into the repository or the worktree. */
  launch(request: LaunchRequest): Promise<Launch>;
}
