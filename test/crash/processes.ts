import { readdirSync, readFileSync } from 'node:fs';
import type { CrashWorld } from './crash-world.ts';

export interface WorldProcess {
  pid: number;
  parent: number;
  role: 'supervisor' | 'host' | 'dashboard' | 'git' | 'agent' | 'keeper' | 'other';
  command: string;
  run: string | null;
  session: string | null;
}

/** Every process that belongs to this world, by what it was started with. */
export function processesOf(world: CrashWorld): WorldProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || !(environment.includes(world.root) || command.includes(world.root))) return [];
      const value = (variable: string) => new RegExp(`(?:^|\0)${variable}=([^\0]*)`).exec(environment)?.[1] ?? null;
      const run = value('FORGE_RUN');
      const session = value('FORGE_SESSION');
      return [{ pid: Number(name), parent: Number(parent), role: roleOf(command, session), command, run, session }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

function roleOf(command: string, session: string | null): WorldProcess['role'] {
  if (command.includes('__supervisor')) return 'supervisor';
  if (command.includes('__session-host')) return 'host';
  if (command.includes('forge-keeper')) return 'keeper';
  if (session !== null) return 'agent';
  if (/forge\.js tui/.test(command)) return 'dashboard';
  return /^git |\/git /.test(command) ? 'git' : 'other';
}
