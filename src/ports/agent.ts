import type { Disposable } from '../base/disposable.ts';
import type { AgentDefinition } from '../domain/agent.ts';
import type { AgentReport } from '../domain/agent-report.ts';
import type { StatusRules } from '../domain/status.ts';

/** The version of what stands in this file, for adapters from outside: another number is another contract. */
export const contractVersion = 1;

/** What one launch needs to know. */
export interface LaunchRequest {
  definition: AgentDefinition;
  /** '' starts the program without one. */
  prompt: string;
  /** Id of the conversation to go on with; null: a new one. Only for adapters that can resume. */
  resume: string | null;
  /** Id of the conversation to begin with a copy of; null: none. Only for adapters that can fork. */
  fork: string | null;
  /** The variables of whoever holds that one, where it may have a state of its own (`isolation.isForkedAcross`). */
  forkEnv?: Record<string, string>;
  task: string;
  run: string;
  session: string;
  worktree: string;
  /** The main checkout of the project: what the person trusts there is trusted in its worktrees. */
  repository: string;
  /** The environment that Forge itself was started with. */
  environment: Record<string, string>;
  /** Private folder of Forge, for records that an adapter lets its program write; made by whoever needs it. */
  recordsDirectory: string;
  /** How Forge itself is started, for agents whose pane runs a program of Forge. */
  forge: readonly string[];
}

/** What the host is asked to start. `env` is complete: nothing else is inherited. */
export interface Launch {
  command: string[];
  env: Record<string, string>;
  /** Id by which this conversation can be resumed, if it is known before the start; otherwise it is reported. */
  conversation: string | null;
}

/** A session whose program's own records are read. */
export interface FollowedSession {
  definition: AgentDefinition;
  /** The environment that Forge itself was started with. */
  environment: Record<string, string>;
  /** The same as at the launch. */
  recordsDirectory: string;
  repository: string;
  worktree: string;
  session: string;
  /** Ms since the epoch. Records from before belong to another session, unless its conversation says otherwise. */
  startedAt: number;
  /** When it ended, in ms since the epoch; null while it runs. Records from after belong to another session. */
  endedAt?(): number | null;
  /** Null: not known yet. */
  conversation: string | null;
  /** When the conversation was made as a copy of another, in ms since the epoch: what is older in it is that one's. */
  forkedAt?: number | undefined;
}

/** How a program can have a state of its own beside others of its kind. */
export interface AgentIsolation {
  /** A fork takes the conversation along from the state of another worker. Left out: it has to go where the conversation is. */
  isForkedAcross?: boolean;
  /** Names the folder that it keeps its state in, or `file` in it. */
  variable: string;
  file?: string;
  /**
   * What of the folder that it would have in this environment is the person's all the same: login and settings. Left out: they
   * are elsewhere. `isMadeByLogin`: also when it is not there yet.
   */
  shared?(env: Readonly<Record<string, string>>): {
    folder: string;
    links: readonly { name: string; isMadeByLogin?: boolean }[];
  };
}

/** What a program can and cannot do, declared so that nothing is guessed. */
export interface AgentAbilities {
  /** Goes on with a conversation after its end. */
  canResume: boolean;
  /** Begins with a copy of a conversation, which goes on by itself. */
  canFork: boolean;
  /** Tells tokens in its records. */
  tellsTokens: boolean;
  /** Tells money in its records. */
  tellsMoney: boolean;
  /** Tells which prompts it has taken. */
  tellsPrompts: boolean;
}

export type AgentFound =
  | { isFound: true; path: string; version: string }
  | { isFound: false; problem: string; next: string };

/** One agent program: how it is found, started and read. */
export interface AgentAdapter extends StatusRules {
  readonly name: string;
  readonly summary: string;
  /** The program's end is the end of its work (a script), or it stays and waits for the next prompt (a chat). */
  readonly endsByItself: boolean;
  readonly abilities: AgentAbilities;
  /** What its records leave out of its tokens, for a person: `the titles of its conversations`. */
  readonly leavesOut?: string;
  /** Without it all of its kind share one state. */
  readonly isolation?: AgentIsolation;
  /** Keys that stop what it is doing and leave it open for more; null: there are none. */
  readonly interruptKeys: string | null;
  /** How the first line of its input begins, with the blanks behind it. Text between it and the cursor is a draft. */
  readonly inputMark?: RegExp;
  /** What stands in its input when nothing does: text behind the cursor may be a draft otherwise. */
  readonly inputHint?: RegExp;
  /** It takes a picture along whose path is pasted by itself, a blank in it behind a backslash. */
  readonly attachesPictures?: boolean;
  /** How a prompt names a file that the agent is to read; without it by the plain path. */
  mentionFile?(path: string): string;
  /** `repository` is the main checkout, which a relative program such as `./agent.sh` starts from. */
  find(definition: AgentDefinition, environment: Record<string, string>, repository: string): Promise<AgentFound>;
  /** May write private files of Forge or of the agent, never into the repository or the worktree. */
  launch(request: LaunchRequest): Promise<Launch>;
  /** Whether the program still has the conversation that the session names. Needed with `canResume`. */
  holdsConversation?(session: FollowedSession): Promise<boolean>;
  /** Reads what the program records of this session, from its beginning and then as it grows, until disposed. */
  follow?(session: FollowedSession, hear: (report: AgentReport) => void): Disposable;
}
