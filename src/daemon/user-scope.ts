import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Holds a file for each user whose systemd stays when the last login ends. */
const lingering = '/var/lib/systemd/linger';

/**
 * The command in a scope of its own of the user's systemd, so that the end of a login does not end it where KillUserProcesses is
 * on; null where there is no such systemd, and where it would take its scopes along when the last login ends: without
 * `loginctl enable-linger` a process outside of it lives longer.
 */
export function inUserScope(
  command: string[],
  env: Record<string, string>,
  lingers = existsSync(join(lingering, userInfo().username)),
): string[] | null {
  const { XDG_RUNTIME_DIR: runtime } = env;
  if (!lingers || !runtime || !existsSync(join(runtime, 'systemd/private'))) return null;
  // Delegated: otherwise systemd may stop a whole scope, with every agent, because memory ran out in one of its processes.
  return ['systemd-run', '--user', '--scope', '--quiet', '--collect', '--property=Delegate=yes', '--', ...command];
}
