import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * The command in a scope of its own of the user's systemd, so that the end of a login does not end it where KillUserProcesses is
 * on; null where there is no such systemd, and where it would take its scopes along when the last login ends: without
 * `loginctl enable-linger` a process outside of it lives longer.
 */
export function inUserScope(command: string[], env: Record<string, string>, isLingering = lingers()): string[] | null {
  const { XDG_RUNTIME_DIR: runtime } = env;
  if (!isLingering || !runtime || !existsSync(join(runtime, 'systemd/private'))) return null;
  // Delegated: otherwise systemd may stop a whole scope, with every agent, because memory ran out in one of its processes.
  return ['systemd-run', '--user', '--scope', '--quiet', '--collect', '--property=Delegate=yes', '--', ...command];
}

/** Whether this user's systemd stays when the last login ends: there is a file for each such user. */
function lingers(): boolean {
  try {
    return existsSync(join('/var/lib/systemd/linger', userInfo().username));
  } catch {
    // A user id without a name, as in some containers.
    return false;
  }
}
