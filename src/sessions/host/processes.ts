import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks whether processes have ended, in ms. */
const lookMs = 50;

interface ProcessRow {
  pid: number;
  parent: number;
  session: number;
  /** When it started, in whatever the system counts: the same number means the same process. */
  startTime: string;
  isZombie: boolean;
}

/** A pid may be used again; with its start time it names one process for ever. Null when there is none. */
export function startTimeOf(pid: number): string | null {
  if (process.platform === 'linux') return readRow(pid)?.startTime ?? null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/**
 * Ends the program of a pty and all that it started: its process group, others of its terminal session (tools have groups of
 * their own), and children that left both. TERM, then KILL after `graceMs`. Resolves when none of them lives.
 */
export async function endTree(leader: number, graceMs: number): Promise<void> {
  const members = treeOf(leader);
  const isAlive = () => members.filter(({ pid, startTime }) => isSame(pid, startTime));
  signalGroup(leader, 'SIGTERM');
  for (const { pid } of isAlive()) signal(pid, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (isAlive().length > 0 && performance.now() < deadline) await pause(lookMs);
  const left = isAlive();
  // Started after the first look, by one that was asked to end.
  const late = treeOf(leader);
  if (left.length === 0 && late.length === 0) return;
  signalGroup(leader, 'SIGKILL');
  for (const { pid } of [...left, ...late]) signal(pid, 'SIGKILL');
}

function isSame(pid: number, startTime: string): boolean {
  if (process.platform !== 'linux') return isThere(pid);
  const row = readRow(pid);
  return row !== null && row.startTime === startTime && !row.isZombie;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function treeOf(leader: number): ProcessRow[] {
  if (process.platform !== 'linux') {
    return isThere(leader) ? [{ pid: leader, parent: 0, session: leader, startTime: '', isZombie: false }] : [];
  }
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readRow(Number(name)))
    .filter((row) => row !== null && !row.isZombie) as ProcessRow[];
  const members = new Set(rows.filter((row) => row.session === leader || row.pid === leader).map((row) => row.pid));
  // A child of a member is one, however deep: rows are looked through until nothing is added.
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
  }
  return rows.filter((row) => members.has(row.pid));
}

function readRow(pid: number): ProcessRow | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name is in brackets and may hold anything: fields are counted from after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent = '', , session = ''] = fields;
    return {
      pid,
      parent: Number(parent),
      session: Number(session),
      startTime: fields[19] ?? '',
      isZombie: state === 'Z' || state === 'X',
    };
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  // 0 and 1 would mean this group and everything.
  if (leader > 1) signal(-leader, name);
}
