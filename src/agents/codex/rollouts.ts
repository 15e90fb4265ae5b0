import { copyFile, mkdir, readdir, realpath, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { FollowedSession } from '../../ports/agent.ts';
import { type AdapterEnvironment, agentEnvironment } from '../environment.ts';
import { objectOf, parseLine, textOf, timeOf } from '../json-line.ts';
import { openRecord } from '../open-record.ts';

/** Longest first line that is read, in bytes: it holds all that Codex was told of itself. */
const firstLineBytesMax = 512 * 1024;
const dayMs = 86_400_000;

/** A rollout, as its first line says. */
export interface Rollout {
  path: string;
  thread: string;
  /** The conversation that a person speaks in; the thread's own id when it is one. */
  conversation: string;
  cwd: string;
  startedAt: number;
  /** A person's terminal; otherwise a sub-agent, a script or another program. */
  isTerminal: boolean;
}

/** Where Codex keeps its conversations: `<folder>/<year>/<month>/<day>/rollout-<time>-<id>.jsonl`, by local time. */
export function sessionsFolder(
  { definition, environment }: Pick<FollowedSession, 'definition' | 'environment'>,
  traits: AdapterEnvironment,
): string {
  const env = agentEnvironment(definition.env, environment, traits);
  return join(codexHome(env), 'sessions');
}

/** Where Codex keeps all that is its own. */
export function codexHome(env: Readonly<Record<string, string>>): string {
  return env.CODEX_HOME || join(env.HOME || homedir(), '.codex');
}

/** The rollout of a conversation, by its id, on whatever day it began; null: there is none. */
export async function findRollout(sessions: string, conversation: string): Promise<Rollout | null> {
  const names = await readdir(sessions, { recursive: true }).catch(() => []);
  const name = names.find((path) => path.endsWith(`-${conversation}.jsonl`));
  return name === undefined ? null : readFirstLine(join(sessions, name));
}

/** Copies the rollout of a conversation into another folder of sessions, unless that has it. */
export async function bringRollout(from: string, to: string, conversation: string): Promise<void> {
  const rollout = from === to || (await findRollout(to, conversation)) ? null : await findRollout(from, conversation);
  if (rollout === null) return;
  const target = join(to, relative(from, rollout.path));
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  // Half a copy would be taken for the whole.
  await copyFile(rollout.path, `${target}.new`);
  await rename(`${target}.new`, target);
}

/** The rollouts that began since then for programs in this worktree, the oldest first. */
export async function rolloutsIn(sessions: string, worktree: string, since: number): Promise<Rollout[]> {
  const place = await realpath(worktree);
  const found: Rollout[] = [];
  for (const day of await daysSince(sessions, since))
    for (const name of await readdir(join(sessions, day)).catch(() => [])) {
      const rollout = name.endsWith('.jsonl') ? await readFirstLine(join(sessions, day, name)) : null;
      if (rollout?.cwd === place && rollout.startedAt >= since) found.push(rollout);
    }
  return found.sort((one, other) => one.startedAt - other.startedAt);
}

/** Folders of days, with one before: a day begins elsewhere at another time. */
async function daysSince(sessions: string, since: number): Promise<string[]> {
  const first = new Date(since - dayMs).toISOString().slice(0, 10).replaceAll('-', '/');
  const days: string[] = [];
  for (const year of await names(sessions, first.slice(0, 4)))
    for (const month of await names(join(sessions, year), first.startsWith(year) ? first.slice(5, 7) : ''))
      for (const day of await names(join(sessions, year, month), ''))
        if (`${year}/${month}/${day}` >= first) days.push(join(year, month, day));
  return days;
}

async function names(folder: string, from: string): Promise<string[]> {
  const all = await readdir(folder).catch(() => []);
  return all.filter((name) => /^\d+$/.test(name) && name >= from);
}

/** A first line does not change once it is whole. */
const known = new Map<string, Rollout>();

async function readFirstLine(path: string): Promise<Rollout | null> {
  const rollout = known.get(path) ?? parseFirstLine(path, await firstLine(path));
  if (rollout !== null) known.set(path, rollout);
  return rollout;
}

async function firstLine(path: string): Promise<string> {
  await using file = await openRecord(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(firstLineBytesMax), 0, firstLineBytesMax, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n');
  return end < 0 ? '' : buffer.toString('utf8', 0, end);
}

function parseFirstLine(path: string, line: string): Rollout | null {
  const record = parseLine(line);
  const meta = objectOf(record?.payload);
  const startedAt = timeOf(meta.timestamp);
  if (record?.type !== 'session_meta' || startedAt === null) return null;
  const thread = textOf(meta.id);
  return {
    path,
    thread,
    conversation: textOf(meta.session_id) || thread,
    cwd: textOf(meta.cwd),
    startedAt,
    isTerminal: meta.source === 'cli',
  };
}
