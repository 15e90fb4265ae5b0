/** A named slot that takes tasks, one at a time. */
export interface Worker {
  name: string;
  /** Name of the agent definition it runs. */
  agent: string;
  /** The role it plays; free text in this version, `coder` when not given. */
  mode: string;
}

/** A worker with what it does now. */
export interface WorkerView extends Worker {
  /** The live run it carries, or null when it is idle. */
  run: string | null;
  /** Why it cannot take a task (its agent is not found), or null. */
  problem: string | null;
}
