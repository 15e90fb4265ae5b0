import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RemoteClient } from '../../src/app/client.ts';
import { ensureDaemon } from '../../src/daemon/ensure-daemon.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { appProtocolVersion } from '../../src/protocol/app-messages.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';
import { connectSessionHost } from '../../src/sessions/client/connect-session-host.ts';
import { screenFactory } from '../../src/sessions/screen/screen-factory.ts';
import { Terminal } from '../support/terminal.ts';
import { Ledger } from './ledger.ts';
import { chatAgent, kinds, scriptAgent } from './scripted-agents.ts';

/** More than the megabyte from which on a file counts as large, together. */
const oldTasks = 300;
const oldBodyCharacters = 4_000;

/** Built with `node scripts/build.ts --faults`: the program, with points at which it may be ended. npm sets the folder. */
const program = resolve('dist-crash/forge.js');

export interface WorldSettings {
  hasGates: boolean;
  delivery: 'none' | 'commit' | 'branch';
  /** Its `tasks.jsonl` is one that is not written whole for each change. */
  isLarge: boolean;
}

/** A home, a FORGE_HOME, one repository, the built program in its crash build, and agents that are scripts. */
export class CrashWorld implements AsyncDisposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-crash-')));
  readonly repository = join(this.root, 'shop');
  readonly forgeHome = join(this.root, 'f');
  readonly faultFile = join(this.root, 'fault');
  readonly ledger = new Ledger(join(this.root, 'ledger'));
  readonly env: Record<string, string>;
  /** What commits hold, as it was read once. */
  readonly shown = new Map<string, string>();
  #client: Promise<RemoteClient> | null = null;
  #host: Promise<SessionHost> | null = null;
  #dashboard: Terminal | null = null;

  constructor({ hasGates, delivery, isLarge }: WorldSettings) {
    if (!existsSync(program)) throw new Error('Build first: node scripts/build.ts --faults');
    for (const folder of ['home', 'shop', 'ledger', 'agents']) mkdirSync(join(this.root, folder));
    this.env = {
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      HOME: join(this.root, 'home'),
      FORGE_HOME: this.forgeHome,
      FORGE_FAULT_FILE: this.faultFile,
      USER: 'ada',
      LANG: 'C.UTF-8',
    };
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'user.name', 'Ada');
    this.git('config', 'user.email', 'ada@example.com');
    for (let n = 0; n < 40; n++) this.#write(join(this.repository, `src/${n % 5}/file-${n}.txt`), `${n}\n`.repeat(40));
    this.#write(join(this.repository, 'README.md'), '# Shop\n');
    this.git('add', '-A');
    this.git('commit', '-q', '-m', 'First');
    execFileSync(process.execPath, [program, 'init', '--stealth', '--prefix', 'fg'], {
      cwd: this.repository,
      env: this.env,
    });
    // What setting it up passes is not passed again.
    rmSync(`${this.faultFile}.seen`, { force: true });
    const agent = (name: string, script: string, endsByItself: boolean) => {
      const file = join(this.root, 'agents', `${name}.sh`);
      writeFileSync(file, script, { mode: 0o755 });
      return { adapter: 'command', command: [file, this.ledger.folder, '{prompt}'], endsByItself };
    };
    const config = {
      ...{ prefix: 'fg', mode: 'stealth', delivery },
      agents: { script: agent('script', scriptAgent, true), chat: agent('chat', chatAgent, false) },
      workers: ['script', 'script', 'script', 'chat', 'chat'].map((name, n) => ({ name: `${name}-${n}`, agent: name })),
      gates: hasGates ? [{ name: 'readme', run: 'test -s README.md', rounds: 1 }] : [],
    };
    // JSON is YAML too.
    writeFileSync(join(this.repository, '.forge/config.yaml'), JSON.stringify(config));
    if (isLarge) this.#writeManyTasks();
  }

  /** As somebody's pull would bring them. */
  #writeManyTasks(): void {
    const lines = Array.from({ length: oldTasks }, (_, n) => {
      const [id, title] = [`fg-old${n}`, `old ${n} ${kinds[n % kinds.length]}`];
      this.ledger.tasks.set(id, new Set([title]));
      return JSON.stringify({ id, title, body: 'x'.repeat(oldBodyCharacters), createdAt: n, updatedAt: n });
    });
    writeFileSync(join(this.repository, '.forge/tasks.jsonl'), `${lines.join('\n')}\n`);
  }

  #write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.repository,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** To the supervisor, which is started when there is none. */
  client(): Promise<RemoteClient> {
    this.#client ??= ensureDaemon(this.#daemon('supervisor', appProtocolVersion)).then((link) => {
      const client = new RemoteClient(link, this.repository, this.env);
      client.onClose(() => {
        this.#client = null;
      });
      return client;
    });
    this.#client.catch(() => {
      this.#client = null;
    });
    return this.#client;
  }

  /** What the session host knows; started when there is none. */
  async sessions(): Promise<SessionFacts[]> {
    this.#host ??= ensureDaemon(this.#daemon('session-host', hostProtocolVersion)).then((link) => {
      const host = connectSessionHost(link, screenFactory);
      host.onClose(() => {
        this.#host = null;
      });
      return host;
    });
    this.#host.catch(() => {
      this.#host = null;
    });
    return (await this.#host).list();
  }

  #daemon(name: string, protocol: number) {
    return {
      ...{ name, protocol, version: 'crash', env: this.env },
      directory: openRunDirectory(join(this.forgeHome, 'run')),
      command: [process.execPath, program, `__${name}`],
      logFile: join(this.forgeHome, 'logs', `${name}.log`),
    };
  }

  openDashboard(): void {
    if (this.#dashboard?.exitCode === null) return;
    this.#dashboard?.dispose();
    this.#dashboard = new Terminal([process.execPath, program, 'tui'], { cwd: this.repository, env: this.env });
  }

  /** The next process that comes to this point ends there, once. */
  arm(point: string): void {
    writeFileSync(this.faultFile, point);
  }

  disarm(): void {
    rmSync(this.faultFile, { force: true });
  }

  get wasStruck(): boolean {
    return existsSync(`${this.faultFile}.struck`);
  }

  pointsSeen(): string[] {
    const file = `${this.faultFile}.seen`;
    return existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n'))] : [];
  }

  logs(): string {
    const tail = (name: string) => readFileSync(join(this.forgeHome, 'logs', `${name}.log`), 'utf8').slice(-6_000);
    return ['supervisor', 'session-host'].map((name) => `--- ${name}\n${tail(name)}`).join('\n');
  }

  /** Ends all of it, as a person would. */
  async stop(): Promise<void> {
    this.#dashboard?.dispose();
    this.disarm();
    (await this.#client?.catch(() => null))?.dispose();
    (await this.#host?.catch(() => null))?.dispose();
    execFileSync(process.execPath, [program, 'host', 'stop', '--force'], { cwd: this.repository, env: this.env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {});
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
