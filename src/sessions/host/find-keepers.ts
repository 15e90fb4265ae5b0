import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Keepers of sessions of this run directory that live, by what they were started with. Linux only; elsewhere none is found. */
export function keepersIn(runDirectory: string): { pid: number; session: string }[] {
  const root = join(runDirectory, 'keepers');
  return processIds().flatMap((pid) => {
    const [shell, , , name, folder] = argumentsOf(pid);
    const isKeeper = shell === '/bin/sh' && name === 'forge-keeper' && folder !== undefined && dirname(folder) === root;
    return isKeeper ? [{ pid, session: basename(folder) }] : [];
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
