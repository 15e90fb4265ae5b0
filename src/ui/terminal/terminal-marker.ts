import { spawnSync } from 'node:child_process';
import {
  fstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Disposable, disposable } from '../../base/disposable.ts';
import { repairSequence } from './terminal-modes.ts';

/**
 * A file that stands while Forge holds a terminal: `terminal-<device>-<pid>.json` in the given folder, mode 0600. One that
 * is left over from a killed Forge tells the next start on the same terminal to put it right first.
 */
export function markTerminal(markerDir: string, fd: number): Disposable {
  const device = deviceOf(fd);
  const path = join(markerDir, `terminal-${device}-${process.pid}.json`);
  mkdirSync(markerDir, { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  const content = JSON.stringify({ terminal: nameOf(fd), device, pid: process.pid });
  writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  return disposable(() => rmSync(path, { force: true }));
}

/**
 * Puts the terminal `fd` right when a Forge that held it was killed, and forgets that. True when there was something to
 * repair. What cannot be read or reached is skipped: starting matters more. Call it first: it may start the program anew.
 */
export function repairTerminal(markerDir: string, fd: number): boolean {
  const stale = staleMarkers(markerDir, deviceOf(fd));
  if (stale.length === 0) return false;
  for (const path of stale) rmSync(path, { force: true });
  try {
    writeSync(fd, repairSequence);
    repairLineSettings(fd);
  } catch {}
  return true;
}

/**
 * Shells with line editing put echo and line-by-line input right by themselves; others leave what the killed one left.
 * Node remembers the settings that it was started with and brings them back at its exit, so it has to start again.
 */
function repairLineSettings(fd: number): void {
  if (!stty(fd, '-a').includes('-icanon')) return;
  stty(fd, 'sane');
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env);
}

function stty(fd: number, argument: string): string {
  return spawnSync('stty', [argument], { stdio: [fd, 'pipe', 'ignore'], encoding: 'utf8', timeout: sttyMsMax }).stdout;
}

const sttyMsMax = 2000;

function staleMarkers(markerDir: string, device: string): string[] {
  return namesIn(markerDir)
    .filter((name) => {
      const [, at, pid] = /^terminal-(\w+)-(\d+)\.json$/.exec(name) ?? [];
      return at === device && !isAlive(Number(pid));
    })
    .map((name) => join(markerDir, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A pid that was given to another program, or is a zombie that nobody waits for, holds no terminal of ours. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** Names the terminal device; the same for every program on it. */
function deviceOf(fd: number): string {
  return fstatSync(fd).rdev.toString(16);
}

function nameOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
