import type { AgentDefinition } from '../domain/agent.ts';

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

/** A screen that says what the program waits for, when no better signal does. All `lines` must match some row. */
export interface ScreenRule {
  name: string;
  state: 'waiting' | 'failed' | 'idle' | 'busy';
  reason: string;
  lines: RegExp[];
}

/** One agent program: how it is found, started and read. What it cannot do is declared, not guessed. */
export interface AgentAdapter {
  readonly name: string;
  readonly summary: string;
  /** The program's end is the end of its work (a script), or it stays and waits for the next prompt (a chat). */
  readonly endsByItself: boolean;
  readonly screenRules: readonly ScreenRule[];
  find(definition: AgentDefinition, environment: Record<string, string>): Promise<AgentFound>;
  /** May write private files of Forge or of the agent, never into the repository or the worktree. */
  launch(request: LaunchRequest): Promise<Launch>;
}
