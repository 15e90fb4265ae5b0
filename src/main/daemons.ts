import { setTimeout as pause } from 'node:timers/promises';
import { ForgeError } from '../base/errors.ts';
import type { DaemonReport } from '../cli/forge-cli.ts';
import { type ForgePaths, readEnvironment } from '../config/paths.ts';
import { askHandOver, connectDaemon } from '../daemon/connect.ts';
import { type Connection, nextMessage } from '../daemon/connection.ts';
import { ensureDaemon } from '../daemon/ensure-daemon.ts';
import { serveDaemon } from '../daemon/serve.ts';
import type { MessageLink } from '../ports/message-link.ts';
import type { ScreenFactory } from '../ports/screen.ts';
import type { SessionHost } from '../ports/session-host.ts';
import { daemonOptions } from './find-supervisor.ts';

/** How long a daemon may take to answer a question about itself, in ms. */
const answerMs = 5_000;

/** How long the supervisor may take to leave, in ms: nothing that must survive is only in its memory. */
const leaveMs = 10_000;

/** The session host, started when there is none. */
export async function connectHost(paths: ForgePaths, environment: Record<string, string>): Promise<SessionHost> {
  return hostAt(await ensureDaemon(daemonOptions(paths, 'session-host', environment)));
}

async function hostAt(link: Connection): Promise<SessionHost> {
  const { connectSessionHost } = await import('../sessions/client/connect-session-host.ts');
  return connectSessionHost(link, loadScreens);
}

/** The emulator takes as long as a frame: it is loaded for the first screen that changes, or behind the first frame. */
export async function loadScreens(): Promise<ScreenFactory> {
  return (await import('../sessions/screen/screen-factory.ts')).screenFactory;
}

/** A link to the supervisor, which is started when there is none. */
export function connectSupervisor(paths: ForgePaths, environment: Record<string, string>): Promise<MessageLink> {
  return ensureDaemon(daemonOptions(paths, 'supervisor', environment));
}

/** Listens as the supervisor; null when another process is it. */
export function becomeSupervisor(paths: ForgePaths) {
  return serveDaemon(daemonOptions(paths, 'supervisor', {}));
}

/** What runs, without starting anything. */
export async function daemonReport(paths: ForgePaths): Promise<DaemonReport> {
  const [hostLink, supervisorLink] = await Promise.all([
    connectDaemon(daemonOptions(paths, 'session-host', {})),
    connectDaemon(daemonOptions(paths, 'supervisor', {})),
  ]);
  const host = hostLink && (await hostAt(hostLink));
  try {
    return {
      sessionHost: (await host?.status()) ?? null,
      supervisor: supervisorLink ? await askSupervisor(supervisorLink, 'status') : null,
      logs: paths.logsDirectory,
    };
  } finally {
    host?.dispose();
    supervisorLink?.dispose();
  }
}

/** The session host, if one runs. */
export async function presentHost(paths: ForgePaths): Promise<SessionHost | null> {
  const link = await connectDaemon(daemonOptions(paths, 'session-host', {}));
  return link && hostAt(link);
}

/** A link to the supervisor, if one runs. */
export function presentSupervisor(paths: ForgePaths): Promise<Connection | null> {
  return connectDaemon(daemonOptions(paths, 'supervisor', {}));
}

/** Lets the supervisor leave, if one runs. Nothing ends with it. */
export async function stopSupervisor(paths: ForgePaths): Promise<void> {
  const link = await presentSupervisor(paths);
  if (link) await dismiss(link);
  link?.dispose();
}

async function dismiss(supervisor: Connection): Promise<void> {
  const gone = new Promise<boolean>((resolve) => supervisor.onClose(() => resolve(true)));
  const { pid } = await askSupervisor(supervisor, 'status');
  await askSupervisor(supervisor, 'stop');
  if (await Promise.race([gone, pause(leaveMs, false, { ref: false })])) return;
  const next = `See the logs, and end it by hand: kill ${pid}`;
  throw new ForgeError('supervisor.unreachable', `The supervisor did not leave in ${leaveMs / 1_000} s.`, { next });
}

/** Stops both; the host first, since it may refuse. */
export async function stopDaemons(paths: ForgePaths, force: boolean): Promise<DaemonReport> {
  const hostLink = (await connectDaemon(daemonOptions(paths, 'session-host', {}))) ?? (await hostForKeepers(paths));
  const supervisorLink = await connectDaemon(daemonOptions(paths, 'supervisor', {}));
  const host = hostLink && (await hostAt(hostLink));
  try {
    // Without its host the supervisor would start another one: it goes first when nothing can refuse any more.
    if (host && !force) await host.stop(false);
    if (supervisorLink) await dismiss(supervisorLink);
    if (host && force) await host.stop(true);
    return await daemonReport(paths);
  } finally {
    host?.dispose();
    supervisorLink?.dispose();
  }
}

/** A host that was killed may have left keepers, and programs that live: the next one takes them over, and can end them. */
async function hostForKeepers(paths: ForgePaths): Promise<Connection | null> {
  const { KeeperFolders } = await import('../sessions/host/keeper-folder.ts');
  const options = daemonOptions(paths, 'session-host', readEnvironment());
  return new KeeperFolders(options.directory.path).ids().length > 0 ? ensureDaemon(options) : null;
}

/**
 * Ends both and starts those of this version, which go on where the others stopped: no session ends. The supervisor goes
 * first, since it would start a host again.
 */
export async function restartDaemons(paths: ForgePaths, environment: Record<string, string>): Promise<DaemonReport> {
  await askHandOver(daemonOptions(paths, 'supervisor', {}));
  await askHandOver(daemonOptions(paths, 'session-host', {}));
  const host = await connectHost(paths, environment);
  const supervisor = await connectSupervisor(paths, environment);
  host.dispose();
  supervisor.dispose();
  return daemonReport(paths);
}

async function askSupervisor(link: Connection, type: string): Promise<Record<string, unknown>> {
  link.send({ type, id: 1 });
  const reply = (await nextMessage(link, answerMs)) as { value?: Record<string, unknown> } | null;
  return reply?.value ?? {};
}
