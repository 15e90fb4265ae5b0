import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks whether processes have ended, in ms. */
const lookMs = 50;

/** How long processes may take to go after KILL, in ms: one that the kernel holds is not waited for. */
const killMs = 5_000;

/** How long `ps` may take, in ms. */
const psMs = 2_000;

/** All processes are looked at once for every session that ends within this time, in ms. */
const tableMs = 25;

interface ProcessRow {
  pid: number;
  parent: number;
  session: number;
  /** Boot and ticks since then on Linux: the same text means the same process. */
  startTime: string;
  isZombie: boolean;
}

/** What else is known of a process, read when it is first asked for; null when it cannot be read. */
interface ProcessMarks {
  folder: string | null;
  environment: string[] | null;
}

/** By what processes are known that left the tree of their session. */
export interface SessionIdentity {
  /** The session's id, which its processes have in their environment as FORGE_SESSION when agents are launched. */
  session: string;
  cwd: string;
  /** That of the program. */
  startTime: string | null;
}

/** A pid may be used again; with its start time, which names the boot too, it is one process for ever. Null when there is none. */
export function startTimeOf(pid: number): string | null {
  if (process.platform === 'linux') return readRow(pid)?.startTime ?? null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: psMs }).trim() || null;
  } catch {
    return null;
  }
}

/**
 * Ends the program of a pty and all that it started: its process group, others of its terminal session (tools have groups of
 * their own), and children that left both. TERM, then KILL after `graceMs`. Resolves when none of them lives. Of a program that
 * ended before, what it left is found too, if it can be told for certain to be of this session.
 */
export async function endTree(leader: number, graceMs: number, identity: SessionIdentity): Promise<void> {
  const members = new Map<number, ProcessRow>();
  const alive = () => {
    for (const row of treeOf(leader, members, identity)) members.set(row.pid, row);
    return [...members.values()].filter(({ pid, startTime }) => isSame(pid, startTime));
  };
  const told = new Set<string>();
  const deadline = performance.now() + graceMs;
  let left = alive();
  while (left.length > 0 && performance.now() < deadline) {
    for (const { pid, startTime } of left) {
      // Each is asked once: also one that was started by another on its way out.
      if (!told.has(`${pid} ${startTime}`)) signal(pid, 'SIGTERM');
      told.add(`${pid} ${startTime}`);
    }
    await pause(lookMs);
    left = alive();
  }
  const killDeadline = performance.now() + killMs;
  while (left.length > 0 && performance.now() < killDeadline) {
    for (const { pid } of left) signal(pid, 'SIGKILL');
    await pause(lookMs);
    left = alive();
  }
}

/** The process lives, and is no later one of the same pid. */
export function isSame(pid: number, startTime: string): boolean {
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

/** The processes of the session: those that are in it, those known already that live, and all their children, however deep. */
function treeOf(leader: number, known: Map<number, ProcessRow>, identity: SessionIdentity): ProcessRow[] {
  if (process.platform !== 'linux') {
    return startTimeOf(leader) === identity.startTime
      ? [{ pid: leader, parent: 0, session: leader, startTime: '', isZombie: false }]
      : [];
  }
  const present = readRow(leader);
  const { rows, marks } = presentProcesses(present);
  const root = realPath(identity.cwd);
  const isLeader = present !== null && present.startTime === identity.startTime;
  const isRoot = (row: ProcessRow) =>
    known.get(row.pid)?.startTime === row.startTime ||
    // While the program is there, its pid cannot name another's session.
    (isLeader && (row.pid === leader || row.session === leader)) ||
    isMarked(row, identity, root, marks, present === null && row.session === leader);
  const members = new Set(rows.filter((row) => row.pid !== process.pid && isRoot(row)).map((row) => row.pid));
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
  }
  return rows.filter((row) => members.has(row.pid));
}

/**
 * It started after the program did, in the same boot, works in the session's folder, and has the session's id in its
 * environment or in its terminal session, when the program itself has gone.
 */
function isMarked(
  row: ProcessRow,
  { session, startTime }: SessionIdentity,
  root: string | null,
  marks: Map<number, ProcessMarks>,
  isOfSession: boolean,
): boolean {
  const [boot = '', ticks = ''] = (startTime ?? '').split(' ');
  const [rowBoot = '', rowTicks = ''] = row.startTime.split(' ');
  if (boot === '' || boot !== rowBoot || Number(rowTicks) < Number(ticks)) return false;
  let known = marks.get(row.pid);
  if (known === undefined) {
    known = readMarks(row.pid);
    marks.set(row.pid, known);
  }
  const { folder, environment } = known;
  if (folder === null || root === null || (folder !== root && !folder.startsWith(`${root}/`))) return false;
  return isOfSession || environment?.includes(`FORGE_SESSION=${session}`) === true;
}

/** Null for one that has ended, or is another user's. */
function readMarks(pid: number): ProcessMarks {
  try {
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return { folder, environment: environment.filter((entry) => entry.startsWith('FORGE_SESSION=')) };
  } catch {
    return { folder: null, environment: null };
  }
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

let table: { rows: ProcessRow[]; marks: Map<number, ProcessMarks>; readAt: number } | null = null;

/** Many sessions may end together: each reads all of /proc otherwise. A leader that lives and is not there was started since. */
function presentProcesses(leader: ProcessRow | null): { rows: ProcessRow[]; marks: Map<number, ProcessMarks> } {
  const now = performance.now();
  const isKnown = (row: ProcessRow) => row.pid === leader?.pid && row.startTime === leader.startTime;
  const isNew = leader !== null && !leader.isZombie && !table?.rows.some(isKnown);
  if (table === null || isNew || now - table.readAt > tableMs) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const rows = pids.map((name) => readRow(Number(name))).filter((row) => row !== null && !row.isZombie);
    table = { rows: rows as ProcessRow[], marks: new Map(), readAt: now };
  }
  return table;
}

let bootId: string | null = null;

function readBootId(): string {
  try {
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    bootId = 'unknown';
  }
  return bootId;
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
      startTime: `${readBootId()} ${fields[19] ?? ''}`,
      isZombie: state === 'Z' || state === 'X',
    };
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  // 0 and 1 would mean this group and the whole system.
  if (pid <= 1) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
