import { setTimeout as pause } from 'node:timers/promises';
import type { CrashWorld } from './crash-world.ts';
import { processesOf, type WorldProcess } from './processes.ts';

/** How long a call of git may take to come, in ms. */
const gitWaitMs = 400;

/** Who is killed, and how often beside the others. */
export const victims: readonly { name: WorldProcess['role']; weight: number }[] = [
  { name: 'supervisor', weight: 5 },
  { name: 'host', weight: 2 },
  { name: 'git', weight: 2 },
  { name: 'agent', weight: 1 },
  { name: 'dashboard', weight: 1 },
  { name: 'keeper', weight: 1 },
];

/** SIGKILL for one of them at this instant; git: as soon as one runs. False: there was none. */
export async function kill(world: CrashWorld, role: WorldProcess['role'], random: () => number): Promise<boolean> {
  const deadline = performance.now() + (role === 'git' ? gitWaitMs : 0);
  do {
    const candidates = processesOf(world).filter((candidate) => candidate.role === role);
    const victim = candidates[Math.floor(random() * candidates.length)];
    if (victim && isKilled(victim.pid)) return true;
    await pause(2);
  } while (performance.now() < deadline);
  return false;
}

/** False: it has just ended by itself. */
function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
