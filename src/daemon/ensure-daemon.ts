import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Disposable, disposable } from '../base/disposable.ts';
import { ForgeError } from '../base/errors.ts';
import { connectDaemon } from './connect.ts';
import type { Connection } from './connection.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { claimInstance } from './single-instance.ts';
import { inUserScope } from './user-scope.ts';

/** How long a daemon may take from its start to its first answer, in ms. */
const startMs = 20_000;

/** Pause between two looks whether it is there, in ms: of who starts it, and of the others. */
const lookMs = 25;
const waitMs = 100;

/**
 * How long it is left to another process to start it, in ms: that one may have been stopped. Longer than a start may take, so that
 * a slow one is not made slower by all who wait for it.
 */
const patienceMs = 25_000;

/** How long a start in a scope may take, in ms, before it is tried without. */
const scopeMs = 5_000;

/** Pause before one is started again because another process was the daemon and yet nobody listens, in ms. */
const againMs = 300;

export interface EnsureDaemonOptions extends DaemonOptions {
  /** Program and arguments that become the daemon. */
  command: string[];
  env: Record<string, string>;
  /** Its standard output and error are appended here. */
  logFile: string;
  /** How the command is put into a systemd scope; without it as this machine has it. */
  inScope?: typeof inUserScope;
}

/**
 * Connects to the daemon and starts it when there is none. It runs in its own session, so that it outlives the terminal and
 * the process that started it, and in a systemd scope where one outlives the last login. Any number of processes may do this
 * at once: one daemon is the result.
 */
export async function ensureDaemon(options: EnsureDaemonOptions): Promise<Connection> {
  const present = await connectDaemon(options);
  if (present) return present;
  // One that each of a hundred processes started would have a hundredth of the machine to get ready with.
  const patience = performance.now() + patienceMs;
  for (;;) {
    const claim = await claimStart(options);
    try {
      const connection = await connectDaemon(options);
      if (connection) return connection;
      if (claim || performance.now() > patience) return await startDaemon(options);
    } finally {
      claim?.dispose();
    }
    await pause(waitMs);
  }
}

/** The right to start it, null while another process does. Where it cannot be had at all, the daemon's log will say why. */
function claimStart({ directory, name }: DaemonOptions): Promise<Disposable | null> {
  return claimInstance(directory, `${name}-start`).catch(() => disposable(() => {}));
}

async function startDaemon(options: EnsureDaemonOptions): Promise<Connection> {
  const scoped = (options.inScope ?? inUserScope)(options.command, options.env);
  let isScoped = scoped !== null;
  let child = startDetached({ ...options, command: scoped ?? options.command });
  const start = performance.now();
  const deadline = start + startMs;
  while (performance.now() < deadline) {
    const connection = await connectDaemon(options);
    if (connection) return connection;
    // It ends quietly when another process became the daemon first, and with a status when it could not start.
    const hasFailed = child.exitCode || child.signalCode;
    if (isScoped && (hasFailed || performance.now() - start > scopeMs)) {
      isScoped = false;
      child = startDetached(options);
    } else if (hasFailed) break;
    // That other one may have been on its way out: then nobody is the daemon, and one more has to try.
    if (child.exitCode === 0) {
      await pause(againMs);
      const connection = await connectDaemon(options);
      if (connection) return connection;
      child = startDetached(options);
    }
    await pause(lookMs);
  }
  const code = options.name === 'supervisor' ? 'supervisor.unreachable' : 'host.unreachable';
  throw new ForgeError(code, `The ${options.name} could not be started.`, { next: `See ${options.logFile}` });
}

function startDetached({ command, env, logFile }: EnsureDaemonOptions) {
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'a', 0o600);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: '/', env, detached: true, stdio: ['ignore', log, log] });
  child.on('error', () => {});
  child.unref();
  closeSync(log);
  return child;
}
