import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The command in a scope of its own of the user's systemd, so that the end of a login does not end it where
 * KillUserProcesses is on; null where there is no such systemd. (When the last login ends, systemd goes too, unless the user
 * lingers: `loginctl enable-linger`.)
 */
export function inUserScope(command: string[], env: Record<string, string>): string[] | null {
  const { XDG_RUNTIME_DIR: runtime } = env;
  if (!runtime || !existsSync(join(runtime, 'systemd/private'))) return null;
  // Delegated: otherwise systemd may stop a whole scope, with every agent, because memory ran out in one of its processes.
  return ['systemd-run', '--user', '--scope', '--quiet', '--collect', '--property=Delegate=yes', '--', ...command];
}
