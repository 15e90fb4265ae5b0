import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { endAllOf } from './process-tree.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

const forge = resolve(import.meta.dirname, '../../bin/forge');

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** A person's machine in miniature: a home, a FORGE_HOME, one git repository, and the built program. */
export class World {
  readonly root: string;
  readonly repository: string;
  readonly env: Record<string, string>;
  readonly #terminals: Terminal[] = [];

  constructor({ name = 'shop', files = { 'README.md': '# Shop\n' } as Record<string, string> } = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-test-')));
    this.repository = join(this.root, name);
    const home = join(this.root, 'home');
    mkdirSync(home);
    mkdirSync(this.repository);
    this.env = {
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      HOME: home,
      TMPDIR: tmpdir(),
      FORGE_HOME: join(this.root, 'f'),
      USER: 'ada',
      LANG: 'C.UTF-8',
      FORGE_DEMO_SPEED: '0',
    };
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'user.name', 'Ada');
    this.git('config', 'user.email', 'ada@example.com');
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', 'First');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.repository, env: { ...this.env }, encoding: 'utf8' });
  }

  write(path: string, text: string, { isExecutable = false } = {}): string {
    const file = join(this.repository, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (isExecutable) chmodSync(file, 0o755);
    return file;
  }

  /** Runs `forge` to its end, without a terminal. */
  forge(...args: string[]): Promise<CommandResult> {
    return this.forgeIn(this.repository, ...args);
  }

  forgeIn(cwd: string, ...args: string[]): Promise<CommandResult> {
    return new Promise((done) => {
      execFile(
        process.execPath,
        [forge, ...args],
        { cwd, env: this.env, timeout: 60_000 },
        (failure, stdout, stderr) => {
          const status = failure ? (typeof failure.code === 'number' ? failure.code : -1) : 0;
          done({ status, stdout, stderr });
        },
      );
    });
  }

  /** The JSON that a command prints; fails with what it said when it failed. */
  async json<T = Record<string, never>>(...args: string[]): Promise<T> {
    const { status, stdout, stderr } = await this.forge(...args, '--json');
    if (status !== 0) throw new Error(`forge ${args.join(' ')} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs `forge` in a terminal. */
  open(args: string[], options: Partial<TerminalOptions> = {}): Terminal {
    const terminal = new Terminal([process.execPath, forge, ...args], {
      cwd: this.repository,
      ...options,
      env: { ...this.env, ...options.env },
    });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Workers that run a script of this test, and nothing else. */
  configure(workers: Record<string, { script: string }>, mode: 'standard' | 'stealth' = 'standard'): void {
    const agents = Object.entries(workers).map(([name, { script }]) => {
      const file = this.write(`../agents/${name}.sh`, script, { isExecutable: true });
      return `  ${name}-agent: { adapter: command, command: [${JSON.stringify(file)}, "{prompt}"] }`;
    });
    const slots = Object.keys(workers).map((name) => `  - { name: ${name}, agent: ${name}-agent }`);
    this.write(
      '.forge/config.yaml',
      `prefix: fg\nmode: ${mode}\nagents:\n${agents.join('\n')}\nworkers:\n${slots.join('\n')}\n`,
    );
  }

  /** What holds the terminals of this world: its sessions are lost then. */
  async killHostAndKeepers(): Promise<void> {
    const { sessionHost } = await this.json<{ sessionHost: { pid: number } }>('host', 'status');
    const folder = join(this.root, 'f', 'run', 'sessions');
    for (const name of readdirSync(folder)) {
      const { keeper, facts } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      if (facts.endedAt === null) process.kill(keeper.pid, 'SIGKILL');
    }
    process.kill(sessionHost.pid, 'SIGKILL');
  }

  /** As a machine that loses its power. */
  async killAll(): Promise<void> {
    const { supervisor } = await this.json<{ supervisor: { pid: number } }>('host', 'status');
    process.kill(supervisor.pid, 'SIGKILL');
    await this.killHostAndKeepers();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Ends every program of this world, and removes it. */
  async dispose(): Promise<void> {
    for (const terminal of this.#terminals) terminal.dispose();
    await this.forge('host', 'stop', '--force');
    // A busy machine may not have answered in time, and what is left would keep the next test waiting.
    endAllOf(this.root);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
