import type { InputOf, OperationName, OutputOf } from '../app/operations.ts';
import type { SessionView } from '../domain/session.ts';
import type { Project, Settings } from '../domain/settings.ts';
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
  readonly cols: number;
  /** Runs an operation here or in the supervisor, wherever it belongs. */
  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** The session host, started when there is none. */
  host(): Promise<SessionHost>;
  /** The sessions of this project with what they are doing. */
  sessions(): Promise<SessionView[]>;
  init(request: InitRequest): Promise<InitReport>;
  dashboard(request: DashboardRequest): Promise<void>;
  settings(): Promise<SettingRow[]>;
  projects(): Promise<Project[]>;
  daemons(): Promise<DaemonReport>;
  /** Stops the supervisor and the session host. With live sessions only when `force`d. */
  stopDaemons(force: boolean): Promise<DaemonReport>;
  /** Ends the supervisor and the session host and starts those of this version. Sessions go on. */
  restartDaemons(): Promise<DaemonReport>;
}
