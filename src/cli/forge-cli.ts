import type { InputOf, OperationName, OutputOf } from '../app/operations.ts';
import type { AgentTest } from '../app/test-agent.ts';
import type { AdapterReport } from '../domain/adapter-report.ts';
import type { DoctorRow } from '../domain/doctor-report.ts';
import type { SessionView } from '../domain/session.ts';
import type { Project, Settings } from '../domain/settings.ts';
import type { StatusWord } from '../domain/status.ts';
import type { HostStatus, SessionHost } from '../ports/session-host.ts';

export interface InitRequest {
  mode: 'standard' | 'stealth';
  prefix: string | null;
}

export interface InitReport {
  project: Project;
  mode: Settings['mode'];
  prefix: string;
  /** Files and folders that were made, relative to the project's root. */
  made: string[];
  /** Names of the agents that were found on this machine. */
  agents: string[];
}

export interface DashboardRequest {
  isDemo: boolean;
  /** Show this session alone, typing into it, and leave with the leader key. */
  session: string | null;
}

export interface ReplayRequest {
  source: { session: string } | { file: string };
  /** 0.25 to 16. */
  speed: number;
  /** Longer pauses are shortened to this many seconds; null: none. */
  idleSecondsMax: number | null;
}

export interface DaemonReport {
  sessionHost: HostStatus | null;
  supervisor: Record<string, unknown> | null;
  logs: string;
}

export interface SettingRow {
  key: string;
  value: unknown;
  /** File or variable that it came from, or `default`. */
  source: string;
  /** False: accepted, and nothing reads it in this version. */
  hasEffect: boolean;
}

/** What the commands use: they hold no state and open nothing themselves. */
export interface ForgeCli {
  readonly version: string;
  /** Both ends are a terminal. */
  readonly isTerminal: boolean;
  /** The standard output is one. */
  readonly isOutputTerminal: boolean;
  readonly cols: number;
  /** Prints lines at once, for a command that goes on; made safe to show. */
  print(lines: readonly string[]): void;
  /** Runs an operation here or in the supervisor, wherever it belongs. */
  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** Runs an operation that needs no supervisor in every project that Forge knows; what fails in one is its `problem`. */
  callInProjects<Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<{ project: Project; result: OutputOf<Name> | null; problem: string | null }[]>;
  /** The session host, started when there is none. */
  host(): Promise<SessionHost>;
  /** The sessions of this project with what they are doing. */
  sessions(): Promise<SessionView[]>;
  /** What each source says of what a session is doing; the first that says something decides. */
  explain(session: SessionView): Promise<StatusWord[]>;
  /** Gives an agent a small prompt in a worktree of its own, which is removed again. Throws `agent.missing`. */
  testAgent(agent: string, prompt: string, deadlineMs: number): Promise<AgentTest>;
  /** All of the standard input, as text. */
  readInput(): Promise<string>;
  /** The absolute path of a file; throws `usage.invalid` when there is none. */
  filePath(typed: string): string;
  /** The text of a file; null when there is none of that name. */
  readFile(typed: string): string | null;
  init(request: InitRequest): Promise<InitReport>;
  dashboard(request: DashboardRequest): Promise<void>;
  /** Writes the recording of a session as one file; null: to the standard output. Throws `file.exists` unless `force`d. */
  exportRecording(session: string, file: string | null, force: boolean): Promise<{ seconds: number; bytes: number }>;
  /** Plays a recording on the terminal until the person leaves. */
  replay(request: ReplayRequest): Promise<void>;
  settings(): Promise<SettingRow[]>;
  /** Holds an adapter against its contract, and plays the recordings in a folder to it. */
  checkAdapter(name: string, recordings: string | null): Promise<AdapterReport>;
  projects(): Promise<Project[]>;
  /** Examines the project, or outside of one all that are known; mends what can be mended if asked to. */
  doctor(isFix: boolean): Promise<DoctorRow[]>;
  daemons(): Promise<DaemonReport>;
  /** Stops the supervisor and the session host. With live sessions only when `force`d. */
  stopDaemons(force: boolean): Promise<DaemonReport>;
  /** Ends the supervisor and the session host and starts those of this version. Sessions go on. */
  restartDaemons(): Promise<DaemonReport>;
}
