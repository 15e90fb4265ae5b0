import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type EnsureDaemonOptions, ensureDaemon } from '../../src/daemon/ensure-daemon.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import type { SessionSpec } from '../../src/domain/session.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';
import { connectSessionHost } from '../../src/sessions/client/connect-session-host.ts';
import { screenFactory } from '../../src/sessions/screen/screen-factory.ts';
import { until } from './until.ts';

export const forgeEntry = resolve(import.meta.dirname, '../../dist/forge.js');

/** A real session host in a process of its own, with a FORGE_HOME of its own, and clients to it. */
export class HostWorld implements AsyncDisposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-test-')));
  readonly home: string;
  readonly #hosts: SessionHost[] = [];
  readonly #children: ChildProcess[] = [];

  constructor({ home = 'f' } = {}) {
    if (!existsSync(forgeEntry)) throw new Error('Build first: npm run build');
    this.home = join(this.root, home);
    mkdirSync(join(this.root, 'work'));
  }

  get work(): string {
    return join(this.root, 'work');
  }

  /** Made when it is first asked for. */
  get options(): EnsureDaemonOptions {
    return {
      directory: openRunDirectory(join(this.home, 'run')),
      name: 'session-host',
      protocol: hostProtocolVersion,
      version: 'test',
      command: [process.execPath, forgeEntry, '__session-host'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.root,
        TMPDIR: tmpdir(),
        FORGE_HOME: this.home,
        CANARY: 'secret of the host',
      },
      logFile: join(this.root, 'host.log'),
    };
  }

  async connect(): Promise<SessionHost> {
    const host = connectSessionHost(await ensureDaemon(this.options), screenFactory);
    this.#hosts.push(host);
    return host;
  }

  spec(id: string, script: string, more: Partial<SessionSpec> = {}): SessionSpec {
    const env = { PATH: process.env.PATH ?? '', FORGE_SESSION: id };
    return { id, command: ['/bin/sh', '-c', script], cwd: this.work, env, cols: 80, rows: 24, labels: {}, ...more };
  }

  /** A program beside the host, which ends with the test. */
  run(command: string, args: string[], env = process.env): ChildProcess {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.#children.push(child);
    return child;
  }

  log(): string {
    return existsSync(join(this.root, 'host.log')) ? readFileSync(join(this.root, 'host.log'), 'utf8') : '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pids = new Set(processesIn(this.work));
    const last = await this.connect().catch(() => null);
    const host = await last?.status().catch(() => null);
    await last?.stop(true).catch(() => {});
    // What Node keeps compiled it writes at its very end, into folders that it makes anew.
    if (host) await until('the host has ended', () => !existsSync(`/proc/${host.pid}`));
    for (const host of this.#hosts) host.dispose();
    for (const child of this.#children) child.kill('SIGKILL');
    for (const pid of [...pids, ...processesIn(this.work)]) end(pid);
    if (last) rmSync(this.options.directory.path, { recursive: true, force: true, maxRetries: 5 });
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Processes whose working folder this is. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readlinkSync(`/proc/${name}/cwd`) === folder &&
          !/^State:\s+Z/m.test(readFileSync(`/proc/${name}/status`, 'utf8'))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

export function screenHas(host: SessionHost, id: string, text: string): Promise<string> {
  let last = '';
  return until(
    `${JSON.stringify(text)} on the screen of ${id}`,
    async () => {
      last = await host.screen(id, 'text');
      return last.includes(text) ? last : null;
    },
    { shown: () => last },
  );
}
