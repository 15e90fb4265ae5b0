import type { VariableOrigin } from './agent-environment.ts';

/** A named slot that takes tasks, one at a time. */
export interface Worker {
  name: string;
  /** Name of the agent definition it runs. */
  agent: string;
  /** Extra environment over the agent's, `${VAR}` not yet expanded. */
  env?: Record<string, string> | undefined;
  /** The role it plays; free text in this version, `coder` when not given. */
  mode: string;
}

/** A worker with what it does now. */
export interface WorkerView extends Worker {
  /** The live run it carries, or null when it is idle. */
  run: string | null;
  /** Why it cannot take a task (its agent is not found), or null. */
  problem: string | null;
  /** Its agent can begin with a copy of a conversation. */
  canFork: boolean;
  /** What the agent and the worker add to the environment, and where each comes from. */
  variables: VariableOrigin[];
}
