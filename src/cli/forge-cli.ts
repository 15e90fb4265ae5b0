import type { Editor } from '../app/edit-task.ts';
import type { InputOf, OperationName, OutputOf, TaskOperationName } from '../app/operations.ts';
import type { AgentTest } from '../app/test-agent.ts';
import type { FollowedView } from '../app/views/follow-work.ts';
import type { Disposable } from '../base/disposable.ts';
import type { AdapterReport } from '../domain/adapter-report.ts';
import type { DoctorRow } from '../domain/doctor-report.ts';
import type { Plan } from '../domain/plan.ts';
import type { SessionView } from '../domain/session.ts';
import type { Project, Settings } from '../domain/settings.ts';
import type { StatusWord } from '../domain/status.ts';
import type { Worktree } from '../ports/git.ts';
import type { HostStatus, SessionHost } from '../ports/session-host.ts';
import type { ProjectAnswer } from './all-projects.ts';

export interface InitRequest {
  mode: Settings['mode'];
  /** In the mode `branch`, its name. */
  branch: string | null;
  prefix: string | null;
  /** Whether hooks of git keep the tasks in step, in the mode `standard`. */
  hooks: boolean;
  /** Changes the mode of a project that is set up. */
  isUpgrade: boolean;
  /** The changes of an upgrade were seen. */
  isConfirmed: boolean;
}

export interface InitReport {
  project: Project;
  mode: Settings['mode'];
  prefix: string;
  /** Files and folders that were made, relative to the project's root. */
  made: string[];
  /** Names of the agents that were found on this machine. */
  agents: string[];
  /** What would be changed; nothing was yet. */
  plan: string[];
  /** What else there is to know. */
  note: string | null;
}

export interface SyncReport {
  tasks: number;
  /** The data branch, in the mode `branch`. */
  branch: string | null;
  /** The remote that has the same now. */
  remote: string | null;
  note: string | null;
}

export interface DashboardRequest {
  isDemo: boolean;
  /** All projects, and not this one alone. */
  isAll: boolean;
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
  /** What about it cannot be done, in words. */
  problems: string[];
}

export interface KnownProject extends Project {
  /** What its task ids begin with. */
  prefix: string;
  /** Its checkout is where it was. */
  isThere: boolean;
}

export interface BackupRow {
  name: string;
  path: string;
  /** In ms since the epoch. */
  at: number;
}

export interface RestoreRequest {
  /** The begin of a backup's name, a folder, `jsonl` or `database`; null: the newest backup. */
  from: string | null;
  isDryRun: boolean;
  /** Although runs are live that are not in it. */
  force: boolean;
}

export interface RestoreReport {
  from: string;
  files: { name: string; change: 'same' | 'replaced' | 'added' }[];
  /** What the restored database holds. */
  tasks: number;
  runs: number;
  /** Why the database that was there cannot be read. */
  problem: string | null;
  /** Where what was there before is now; null: nothing was there, or nothing was changed. */
  kept: string | null;
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
  /** The same beside the result of a command, on the standard error. */
  note(lines: readonly string[]): void;
  /** Resolves when the person has had enough: Ctrl-C, or the terminal went away. */
  interrupted(): Promise<void>;
  /** The plans in files, folders and patterns; none named: all in `.forge/plans/`. Throws what is wrong with one, and where. */
  readPlans(typed: readonly string[]): Promise<Plan[]>;
  /**
   * Tasks, runs and sessions of projects by their names, or of this one (null), now and whenever they change; goes on with the
   * next supervisor when one ends, or fails.
   */
  follow(
    projects: readonly string[] | null,
    listener: (view: FollowedView) => void,
    failed: (failure: unknown) => void,
  ): Promise<Disposable>;
  /** Runs an operation here or in the supervisor, wherever it belongs. */
  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** Runs an operation that needs no supervisor in every project that Forge knows; what fails in one is its `problem`. */
  callInProjects<Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<ProjectAnswer<OutputOf<Name>>[]>;
  /** The session host, started when there is none. */
  host(): Promise<SessionHost>;
  /** The sessions of this project with what they are doing. */
  sessions(): Promise<SessionView[]>;
  /** The same of every project that Forge knows. */
  sessionsInProjects(): Promise<ProjectAnswer<SessionView[]>[]>;
  /** What each source says of what a session is doing; the first that says something decides. */
  explain(session: SessionView): Promise<StatusWord[]>;
  /** Gives an agent a small prompt in a worktree of its own, which is removed again. Throws `agent.missing`. */
  testAgent(agent: string, prompt: string, deadlineMs: number): Promise<AgentTest>;
  /** All of the standard input, as text. */
  readInput(): Promise<string>;
  /** The person's editor; null: there is no terminal for it. */
  edit: Editor | null;
  /** The absolute path of a file; throws `usage.invalid` when there is none. */
  filePath(typed: string): string;
  /** The text of a file; null when there is none of that name. */
  readFile(typed: string): string | null;
  init(request: InitRequest): Promise<InitReport>;
  /** Brings database and tasks.jsonl in step, and the data branch. `hook`: which hook of git asks. */
  sync(remote: string | null, hook: string | null): Promise<SyncReport>;
  /** Merges three versions of `tasks.jsonl` into the second, as git asks its merge drivers to. False: it cannot. */
  mergeTasks(base: string, ours: string, theirs: string): Promise<boolean>;
  dashboard(request: DashboardRequest): Promise<void>;
  /** Writes the recording of a session as one file; null: to the standard output. Throws `file.exists` unless `force`d. */
  exportRecording(session: string, file: string | null, force: boolean): Promise<{ seconds: number; bytes: number }>;
  /** Plays a recording on the terminal until the person leaves. */
  replay(request: ReplayRequest): Promise<void>;
  settings(): Promise<SettingRow[]>;
  /** Holds an adapter against its contract, and plays the recordings in a folder to it. */
  checkAdapter(name: string, recordings: string | null): Promise<AdapterReport>;
  projects(): Promise<KnownProject[]>;
  /** The repository around `path`; null: the one here. Throws `project.missing` when Forge is not set up there. */
  addProject(path: string | null): Promise<Project>;
  /** Throws `project.missing`, and `restore.live` while it has live runs. Where its backups are now; null: it had none. */
  removeProject(name: string): Promise<{ backups: string | null }>;
  /**
   * A worktree of another project for the work here, made or found again. Null: its setup takes long, and goes on. Throws
   * `project.missing`.
   */
  worktreeIn(project: string): Promise<Worktree | null>;
  /** Sets one setting in a file, or takes it out (null). Gives the file. Throws `config.invalid`. */
  setSetting(key: string, value: string | null, isUser: boolean): Promise<string>;
  /** As JSON schema. */
  settingsSchema(): Promise<unknown>;
  /** Makes a backup of the project's `.forge/`. */
  backup(): Promise<BackupRow>;
  /** The newest first. */
  backups(): Promise<BackupRow[]>;
  /** Throws `backup.missing`, `restore.live`. */
  restore(request: RestoreRequest): Promise<RestoreReport>;
  /** Of the batches of all projects, the newest first. */
  batchBackups(): Promise<BackupRow[]>;
  /** Puts the batches of all projects back. Throws `backup.missing`. */
  restoreBatches(from: string | null, isDryRun: boolean): Promise<RestoreReport>;
  /** Examines the project, or outside of one all that are known; mends what can be mended if asked to. */
  doctor(isFix: boolean): Promise<DoctorRow[]>;
  daemons(): Promise<DaemonReport>;
  /** Stops the supervisor and the session host. With live sessions only when `force`d. */
  stopDaemons(force: boolean): Promise<DaemonReport>;
  /** Ends the supervisor and the session host and starts those of this version. Sessions go on. */
  restartDaemons(): Promise<DaemonReport>;
}

/** What the commands on tasks use of it. */
export interface TaskCli extends Pick<ForgeCli, 'version' | 'readInput' | 'edit' | 'filePath' | 'readFile'> {
  call<Name extends TaskOperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  callInProjects<Name extends TaskOperationName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<ProjectAnswer<OutputOf<Name>>[]>;
}
