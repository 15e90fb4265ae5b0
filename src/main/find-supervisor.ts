import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ForgePaths } from '../config/paths.ts';
import { connectDaemon } from '../daemon/connect.ts';
import type { Connection } from '../daemon/connection.ts';
import type { EnsureDaemonOptions } from '../daemon/ensure-daemon.ts';
import { openRunDirectory, socketPath } from '../daemon/run-directory.ts';
import type { MessageLink } from '../ports/message-link.ts';
import { appProtocolVersion } from '../protocol/app-messages.ts';
import { hostProtocolVersion } from '../protocol/host-messages.ts';
import { version } from './version.ts';

const protocols = { 'session-host': hostProtocolVersion, supervisor: appProtocolVersion } as const;
type DaemonName = keyof typeof protocols;

export function daemonOptions(
  paths: ForgePaths,
  name: DaemonName,
  environment: Record<string, string>,
): EnsureDaemonOptions {
  return {
    directory: openRunDirectory(paths.runDirectory),
    name,
    protocol: protocols[name],
    version,
    command: [process.execPath, process.argv[1] ?? '', `__${name}`],
    env: environment,
    logFile: join(paths.logsDirectory, `${name}.log`),
  };
}

/** A link to the supervisor if it runs. */
export function findSupervisor(paths: ForgePaths): Promise<MessageLink | null> {
  return connectDaemon(daemonOptions(paths, 'supervisor', {}));
}

/** The same, begun now and used later; null where no supervisor has left a socket. An error becomes null: whoever connects again hears it. */
export function reachSoon(paths: ForgePaths): Promise<Connection | null> | null {
  const options = daemonOptions(paths, 'supervisor', {});
  return existsSync(socketPath(options.directory, options.name)) ? connectDaemon(options).catch(() => null) : null;
}
