import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { connectDaemon } from '../src/daemon/connect.ts';
import { openRunDirectory } from '../src/daemon/run-directory.ts';
import type { SessionSpec } from '../src/domain/session.ts';
import type { SessionHost } from '../src/ports/session-host.ts';
import { hostProtocolVersion } from '../src/protocol/host-messages.ts';
import { connectSessionHost } from '../src/sessions/client/connect-session-host.ts';
import { screenFactory } from '../src/sessions/screen/screen-factory.ts';
import { forgeProcesses } from './processes.ts';

/** The command as it is installed. */
export const forge = [process.execPath, resolve(import.meta.dirname, '../bin/forge')];

/** What a command may print, in bytes: the longest is the history of a session. */
const printedMax = 64 * 1024 * 1024;

/** A home, a FORGE_HOME and one repository with Forge set up in it, in a new folder; gone after `dispose`. */
export class ThrowAwayWorld {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-bench-')));
  readonly repository = join(this.root, 'shop');
  readonly env: Record<string, string>;
  /** What is to end before the folder goes; also when a person interrupts the bench. */
  readonly ends: (() => void)[] = [];
  readonly #onSignal = () => void this.dispose().finally(() => process.exit(130));

  private constructor() {
    process.once('SIGINT', this.#onSignal);
    process.once('SIGTERM', this.#onSignal);
    const home = join(this.root, 'home');
    mkdirSync(home);
    mkdirSync(this.repository);
    this.env = {
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      HOME: home,
      FORGE_HOME: join(this.root, 'f'),
      USER: 'ada',
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
    };
  }

  /** Agents by name with their command lines; each gets one worker of the same name. */
  static async make(agents: Record<string, string[]> = {}): Promise<ThrowAwayWorld> {
    const world = new ThrowAwayWorld();
    try {
      const git = (...args: string[]) => execFileSync('git', args, { cwd: world.repository, env: world.env });
      git('init', '-q', '-b', 'main');
      git('config', 'user.name', 'Ada');
      git('config', 'user.email', 'ada@example.com');
      writeFileSync(join(world.repository, 'README.md'), '# Shop\n');
      git('add', '-A');
      git('commit', '-q', '-m', 'First');
      await world.forge('init');
      if (Object.keys(agents).length > 0) world.#configure(agents);
      return world;
    } catch (failure) {
      await world.dispose();
      throw failure;
    }
  }

  /** A letter is shown when the program has echoed it, not when it is typed. */
  async withoutLocalEcho(): Promise<void> {
    await this.forge('config', 'set', 'ui.localEcho', 'false', '--user');
  }

  /** Runs `forge` to its end; gives what it printed. Fails with what it said. */
  forge(...args: string[]): Promise<string> {
    const [program = '', ...first] = forge;
    return new Promise((done, fail) => {
      execFile(
        program,
        [...first, ...args],
        { cwd: this.repository, env: this.env, maxBuffer: printedMax },
        (failure, stdout, stderr) => {
          if (failure) fail(new Error(`forge ${args.join(' ')}: ${stderr || failure.message}`));
          else done(stdout);
        },
      );
    });
  }

  /** Adds a task and gives it to `worker`; the id of the session in which it runs. */
  async startSession(worker: string): Promise<string> {
    const task = JSON.parse(await this.forge('task', 'add', `For ${worker}`, '--json')) as { id: string };
    await this.forge('dispatch', task.id, worker);
    const deadline = performance.now() + 20_000;
    while (performance.now() < deadline) {
      const sessions = JSON.parse(await this.forge('session', 'list', '--json')) as Session[];
      const live = sessions.find((session) => session.worker === worker && session.endedAt === null);
      if (live) return live.id;
    }
    throw new Error(`No session of ${worker} came within 20 s.`);
  }

  /** A client of the session host, which is started if need be. The caller disposes it. */
  async host(): Promise<SessionHost> {
    await this.forge('session', 'list');
    const directory = openRunDirectory(join(this.env.FORGE_HOME, 'run'));
    const options = { directory, name: 'session-host', protocol: hostProtocolVersion, version: 'bench' };
    const connection = await connectDaemon(options);
    if (!connection) throw new Error('The session host does not run.');
    return connectSessionHost(connection, screenFactory);
  }

  /** A session without a run; with a `worker` it has a pane in the dashboard, else it is one of those behind. */
  spec(id: string, command: string[], { worker, cols = 200, rows = 60 }: SpecOptions = {}): SessionSpec {
    const labels: SessionSpec['labels'] = worker ? { project: this.repository, worker } : {};
    return { id, command, cwd: this.repository, env: { ...this.env }, cols, rows, labels };
  }

  stopDaemons(): Promise<string> {
    return this.forge('host', 'stop', '--force');
  }

  async dispose(): Promise<void> {
    for (const end of this.ends.splice(0)) end();
    await this.stopDaemons().catch((failure: Error) => {
      process.stderr.write(`${failure.message}\n`);
      for (const { pid } of forgeProcesses(this)) process.kill(pid, 'SIGKILL');
    });
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
    // Not `rmSync`, as in src/main/demo.ts: what was ended a moment ago removes its own files.
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  #configure(agents: Record<string, string[]>): void {
    const definitions = Object.entries(agents).map(
      ([name, command]) => `  ${name}: { adapter: command, command: ${JSON.stringify(command)} }`,
    );
    const workers = Object.keys(agents).map((name) => `  - { name: ${name}, agent: ${name} }`);
    const lines = ['prefix: fg', 'agents:', ...definitions, 'workers:', ...workers];
    writeFileSync(join(this.repository, '.forge/config.yaml'), `${lines.join('\n')}\n`);
  }
}

interface SpecOptions {
  worker?: string;
  cols?: number;
  rows?: number;
}

interface Session {
  id: string;
  worker: string | null;
  endedAt: number | null;
}
