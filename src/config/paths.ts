import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Where Forge keeps what is not inside a repository. Absolute paths; nothing is created here. */
export interface ForgePaths {
  home: string;
  configFile: string;
  projectsFile: string;
  /** What was read of settings and checked. */
  settingsCache: string;
  /** How the panes of each project stand. */
  panesFile: string;
  /** What spans projects: the batches. */
  batchesFile: string;
  /** Held while a task is made to wait for one of another project. */
  dependenciesLock: string;
  /** Sockets and pid files; to be made with mode 0700. */
  runDirectory: string;
  logsDirectory: string;
  /** Recordings: a folder a session. */
  sessionsDirectory: string;
  /** Holds a folder a project, which holds a folder a task. */
  worktreesDirectory: string;
  backupsDirectory: string;
  /** Of the batches, which are of no project: no project has such a name. */
  batchBackupsDirectory: string;
  /** The person's own adapters: YAML files, and packages in `node_modules`. */
  adaptersDirectory: string;
  /** What agent programs write down of their sessions at Forge's wish. */
  recordsDirectory: string;
  /** State of programs that are kept apart: a folder a project, then a worker, then an agent. */
  agentsDirectory: string;
  /** Patches of projects in stealth: a folder a project. */
  patchesDirectory: string;
  /** What gates wrote: a folder a project, then a run. */
  gatesDirectory: string;
  /** Which worktree has which ports: a file a block. */
  portsDirectory: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment that this process was started with. Only this file reads it, and the home folder. */
export function readEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Who uses Forge, for the history: a login name. */
export function personName(environment: Environment): string {
  const named = environment.USER || environment.LOGNAME;
  if (named) return named;
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in some containers.
    return 'somebody';
  }
}

export function forgePaths(environment: Environment = readEnvironment(), userHome: string = homedir()): ForgePaths {
  const chosen = environment.FORGE_HOME;
  const home = chosen ? resolve(chosen) : join(userHome, '.forge');
  return {
    home,
    configFile: join(home, 'config.yaml'),
    projectsFile: join(home, 'projects.yaml'),
    settingsCache: join(home, 'cache', 'settings.json'),
    panesFile: join(home, 'panes.json'),
    batchesFile: join(home, 'batches.jsonl'),
    dependenciesLock: join(home, 'dependencies.lock'),
    runDirectory: runDirectory(environment, home),
    logsDirectory: join(home, 'logs'),
    sessionsDirectory: join(home, 'sessions'),
    worktreesDirectory: join(home, 'worktrees'),
    gatesDirectory: join(home, 'gates'),
    backupsDirectory: join(home, 'backups'),
    batchBackupsDirectory: join(home, 'backups', '.batches'),
    adaptersDirectory: join(home, 'adapters'),
    recordsDirectory: join(home, 'records'),
    agentsDirectory: join(home, 'agents'),
    patchesDirectory: join(home, 'patches'),
    portsDirectory: join(home, 'ports'),
  };
}

/**
 * In the home, whatever started this process: XDG_RUNTIME_DIR is not set in a cron job, and is removed when the last login ends,
 * with what finds the agents that go on. One that an earlier Forge began in there is used as long as it is there.
 */
function runDirectory({ FORGE_HOME: chosen, XDG_RUNTIME_DIR: runtime }: Environment, home: string): string {
  const earlier = !chosen && runtime && isAbsolute(runtime) ? join(runtime, 'forge') : null;
  return earlier !== null && existsSync(join(earlier, 'token')) ? earlier : join(home, 'run');
}
