import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endGroup } from '../../base/end-group.ts';
import { ForgeError } from '../../base/errors.ts';
import type { LaunchRequest } from '../../ports/agent.ts';
import { agentEnvironment } from '../environment.ts';
import type { ProgramTraits } from '../launch-program.ts';
import { locateProgram } from '../program.ts';

/** How long opencode may take to write a session down, or to take one in, in ms. It needs some seconds on an idle machine. */
const deadlineMs = 60_000;
/** Ids of opencode: what they name, then a time by which they are sorted, then anything. */
const anyId = /\b(?:ses|msg|prt)_[0-9A-Za-z]+/g;
const sortedLength = 'msg_'.length + 12;

interface Exported {
  info: { id: string; share?: unknown };
  messages: { info: { id: string }; parts: { id: string }[] }[];
}

/** The id of the copy that a session of Forge begins with: the same each time. */
export function copyId({ repository, session }: Pick<LaunchRequest, 'repository' | 'session'>): string {
  return `ses_${hash(`${repository} ${session}`).slice(0, 26)}`;
}

/**
 * Makes a copy of the session to fork that belongs to the worktree, by opencode's own `export` and `import`. Its `--fork` makes one that
 * works in the folder of the first. Throws `agent.unable`.
 */
export async function copySession(traits: ProgramTraits, request: LaunchRequest): Promise<string> {
  const { definition, environment, repository, worktree, recordsDirectory, fork, forkEnv = definition.env } = request;
  const id = copyId(request);
  const env = agentEnvironment(definition.env, environment, traits.environment);
  const program = locateProgram(definition.command[0] ?? 'opencode', { env, repository });
  const folder = join(recordsDirectory, 'opencode');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${id}.json`);
  try {
    const theirs = { env: agentEnvironment(forkEnv, environment, traits.environment), cwd: worktree };
    const told = program === null ? '' : await exported([program, 'export', fork as string], theirs, file);
    await writeFile(file, renamed(told, id));
    if (program !== null) await run([program, 'import', file], { env, cwd: worktree }, 'ignore');
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : failure;
    throw new ForgeError('agent.unable', `opencode cannot copy its session ${fork}: ${why}`);
  } finally {
    await rm(file, { force: true });
  }
  return id;
}

/** Into a file: what is longer than a pipe holds would be cut off when opencode ends. */
async function exported(command: string[], place: Place, path: string): Promise<string> {
  await using file = await open(path, 'w', 0o600);
  await run(command, place, file.fd);
  return await readFile(path, 'utf8');
}

/** The session with other ids, so that both can be in one database. Throws when it is none. */
function renamed(told: string, id: string): string {
  const { info, messages } = JSON.parse(told) as Exported;
  delete info.share;
  const own = new Set(messages.flatMap((message) => [message.info.id, ...message.parts.map((part) => part.id)]));
  return JSON.stringify({ info, messages }).replaceAll(anyId, (found) => {
    if (found === info.id) return id;
    return own.has(found) ? found.slice(0, sortedLength) + hash(id + found).slice(0, 14) : found;
  });
}

interface Place {
  env: Record<string, string>;
  cwd: string;
}

function run([program, ...args]: string[], { env, cwd }: Place, stdout: number | 'ignore'): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', stdout, 'ignore'] });
    const late = setTimeout(() => end(`it did not end within ${deadlineMs / 1_000} s`), deadlineMs);
    const end = (problem: string) => {
      clearTimeout(late);
      endGroup(child.pid);
      if (problem === '') resolve();
      else reject(new Error(problem));
    };
    child.on('error', ({ message }) => end(message));
    child.on('exit', (code) => end(code === 0 ? '' : `it ended with status ${code}`));
  });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
