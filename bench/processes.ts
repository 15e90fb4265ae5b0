import { readdirSync, readFileSync } from 'node:fs';
import type { ThrowAwayWorld } from './throw-away-world.ts';

/** What the kernel counts processor time in, a second: CLK_TCK, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

export interface ForgeProcess {
  pid: number;
  /** `keeper`: holds a terminal for the host. `face`: a dashboard or a command. */
  role: 'host' | 'supervisor' | 'face' | 'keeper';
}

/** The processes of Forge itself in a world, without the programs in its sessions. None where there is no /proc. */
export function forgeProcesses({ env }: ThrowAwayWorld): ForgeProcess[] {
  return processIds().flatMap((pid) => {
    const command = read(pid, 'cmdline').split('\0');
    const isOfWorld =
      command.some((word) => word.startsWith(`${env.FORGE_HOME}/`)) ||
      read(pid, 'environ').split('\0').includes(`FORGE_HOME=${env.FORGE_HOME}`);
    const role = isOfWorld ? roleOf(command) : null;
    return role ? [{ pid, role }] : [];
  });
}

function roleOf(command: string[]): ForgeProcess['role'] | null {
  if (command.includes('forge-keeper')) return 'keeper';
  // Node and its program: whoever starts that has it further behind.
  const at = command.findIndex((word) => /\/(bin\/forge|dist\/[\w-]+\.js)$/.test(word));
  if (at === -1 || at > 1) return null;
  if (command.includes('__session-host')) return 'host';
  return command.includes('__supervisor') ? 'supervisor' : 'face';
}

/** Processor time that it has used so far, in ms, all its threads; 0 when it is gone. */
export function processorMs(pid: number): number {
  // The name, in brackets, may have blanks in it.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1_000) / ticksPerSecond;
}

/** Memory in MB: all that is in it, and its share (what several processes have in common is divided among them). */
export function memoryMb(pid: number): { rss: number; pss: number } {
  const rollup = read(pid, 'smaps_rollup');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
  return { rss: of('Rss'), pss: of('Pss') };
}

/** Waits until these together use less than a twentieth of a core; gives up quietly. */
export async function untilIdle(pids: readonly number[], timeoutMs = 60_000): Promise<void> {
  const sum = () => pids.reduce((ms, pid) => ms + processorMs(pid), 0);
  const deadline = performance.now() + timeoutMs;
  const pauseMs = 600;
  for (let before = sum(); performance.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const after = sum();
    if (after - before < pauseMs / 20) return;
    before = after;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
