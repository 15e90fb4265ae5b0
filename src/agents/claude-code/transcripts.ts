import { access, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { FollowedSession } from '../../ports/agent.ts';
import { type AdapterEnvironment, agentEnvironment } from '../environment.ts';
import { objectOf, parseLine, textOf, timeOf } from '../json-line.ts';
import { openRecord } from '../open-record.ts';

/** How much of a transcript is looked at to see how it begins, in bytes. */
const headBytes = 64 * 1024;
const ending = '.jsonl';

/** Where Claude Code keeps its conversations: `<folder>/<name made of the working folder>/<id>.jsonl`. */
export function projectsFolder({ definition, environment }: FollowedSession, traits: AdapterEnvironment): string {
  const env = agentEnvironment(definition.env, environment, traits);
  return join(env.CLAUDE_CONFIG_DIR || join(env.HOME || homedir(), '.claude'), 'projects');
}

/** The folder that Claude Code gives a short worktree's conversations; how it names those of long ones is its own affair. */
export async function likelyFolder(projects: string, worktree: string): Promise<string> {
  return join(projects, (await realpath(worktree)).replaceAll(/[^a-zA-Z0-9]/g, '-'));
}

/** Every folder with conversations. There can be thousands. */
export async function allFolders(projects: string): Promise<string[]> {
  return (await readdir(projects).catch(() => [])).map((name) => join(projects, name));
}

/** The transcript of a conversation in one of the folders, or null. One that goes on elsewhere stays where it began. */
export async function findTranscript(folders: readonly string[], id: string): Promise<string | null> {
  const found = await Promise.all(folders.map((folder) => existing(join(folder, `${id}${ending}`))));
  return found.find((path) => path !== null) ?? null;
}

/** Whether somebody has said something in it: Claude Code does not resume one that is empty. */
export async function hasMessages(path: string): Promise<boolean> {
  await using file = await openRecord(path);
  for await (const line of file.readLines()) if (parseLine(line)?.type === 'user') return true;
  return false;
}

/** The transcripts of the sub-agents of a conversation, at whatever depth. */
export async function subAgentTranscripts(transcript: string): Promise<string[]> {
  const folder = transcript.slice(0, -ending.length);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

/** The newest transcript in the folders that was written to since then by a program in this worktree, or null. */
export async function newestTranscript(
  folders: readonly string[],
  worktree: string,
  since: number,
): Promise<string | null> {
  const place = await realpath(worktree);
  let newest = { path: null as string | null, at: since };
  for (const folder of folders)
    for (const path of await transcriptsIn(folder)) {
      const { mtimeMs } = await stat(path);
      if (mtimeMs > newest.at && (await readHead(path)).cwd === place) newest = { path, at: mtimeMs };
    }
  return newest.path;
}

/** What `/clear` has put in the place of a conversation: its transcript, or null. */
export async function clearedInto(transcript: string, isOurs: (at: number) => boolean): Promise<string | null> {
  const own = await readHead(transcript);
  let newest = { path: null as string | null, at: own.clearedAt ?? 0 };
  for (const path of await transcriptsIn(dirname(transcript))) {
    const { clearedAt, cwd } = await readHead(path);
    if (clearedAt !== null && clearedAt > newest.at && cwd === own.cwd && isOurs(clearedAt))
      newest = { path, at: clearedAt };
  }
  return newest.path;
}

export function conversationOf(transcript: string): string {
  return basename(transcript, ending);
}

interface Head {
  cwd: string;
  /** When it began by `/clear` in another one; null: it did not. */
  clearedAt: number | null;
}

/** How a transcript begins does not change any more once somebody has said something. */
const heads = new Map<string, Head>();

async function readHead(path: string): Promise<Head> {
  const known = heads.get(path);
  if (known) return known;
  const head: Head = { cwd: '', clearedAt: null };
  for (const line of (await firstBytes(path)).split('\n')) {
    const record = parseLine(line);
    if (record?.type !== 'user') continue;
    head.cwd ||= textOf(record.cwd);
    const text = textOf(objectOf(record.message).content);
    if (record.isMeta === true) continue;
    if (text.startsWith('<command-name>/clear<')) head.clearedAt = timeOf(record.timestamp);
    heads.set(path, head);
    break;
  }
  return head;
}

async function firstBytes(path: string): Promise<string> {
  await using file = await openRecord(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

async function transcriptsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

async function existing(path: string): Promise<string | null> {
  return access(path).then(
    () => path,
    () => null,
  );
}
