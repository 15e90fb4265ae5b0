import type { Project, Settings } from '../domain/settings.ts';
import type { AgentCatalogue } from '../ports/agents.ts';
import type { Batches } from '../ports/batches.ts';
import type { Clock } from '../ports/clock.ts';
import type { Gates } from '../ports/gates.ts';
import type { Git } from '../ports/git.ts';
import type { Store } from '../ports/store.ts';
import type { AttentionClaims } from './supervisor/attention-claims.ts';
import type { CheckpointControl } from './supervisor/checkpoint-control.ts';
import type { MessageControl } from './supervisor/message-control.ts';
import type { RunControl } from './supervisor/run-control.ts';
import type { ShellControl } from './supervisor/shell-control.ts';
import type { WorktreeControl } from './supervisor/worktree-control.ts';

/** The projects that Forge knows on this machine, for what reaches over several. */
export interface Projects<Context = OperationContext> {
  /** The name of another project that an id belongs to by its prefix; null: it is of this one, or it does not say. */
  ownerOf(id: string): string | null;
  /** The one of that name. Throws `project.missing`, and what else keeps it from being opened. */
  open(name: string): Promise<Context>;
}

/** What an operation on tasks may use: little, so that a command which runs on its own need not load the rest. */
export interface TaskContext {
  project: Project;
  settings: Settings;
  store: Store;
  /** Who asks, for the history: a person's login name. */
  actor: string;
  /** What a task and its agent give to the environment in which it is worked on. */
  variables: AgentCatalogue['variables'];
}

/** What an operation may use. The same in the supervisor and in a command that runs on its own. */
export interface OperationContext extends TaskContext {
  /** Of all projects. */
  batches: Batches;
  /** The other ones, and this one. */
  projects: Projects;
  git: Git;
  agents: AgentCatalogue;
  gates: Gates;
  clock: Clock;
  /** What the setup and teardown commands of a worktree wrote; null: nothing. */
  worktreeLog(worktree: string): { file: string; text: string } | null;
  /** The one that agents are started in now: that of whoever dispatched last. */
  environment(): Record<string, string>;
  /** From now on agents are found and started in this environment. */
  takeEnvironment(environment: Record<string, string>): void;
}

/** What only the supervisor can do, since it owns the live runs. */
export interface SupervisorContext extends OperationContext {
  projects: Projects<SupervisorContext>;
  runs: RunControl;
  messages: MessageControl;
  worktrees: WorktreeControl;
  checkpoints: CheckpointControl;
  shells: ShellControl;
  attention: Pick<AttentionClaims, 'claim'>;
}
