import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { endGroup } from '../base/end-group.ts';
import { ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type { WorktreeSetup } from '../ports/worktree-setup.ts';

/** How long one setup command may take, in ms: an install of a large project, not a server. */
const setupMs = 15 * 60_000;

/** What is copied into one worktree in all, in bytes. */
const bytesMax = 1_000_000_000;
/** How long its last output may take to come after its end, in ms. */
const lastWordsMs = 500;

/** How much of a failing command's output is told, in characters from its end. */
const outputTailMax = 500;

export function createWorktreeSetup(
  environment: () => Record<string, string>,
  ports: WorktreeSetup['ports'],
): WorktreeSetup {
  return {
    async prepare(worktree, repository, { copy, setup, env }, signal) {
      await copyFiles(copy, repository, worktree);
      for (const command of setup) {
        if (!signal.aborted) await runSetup(command, worktree, { ...environment(), ...env }, signal);
      }
    },
    ports,
  };
}

async function copyFiles(paths: readonly string[], repository: string, worktree: string): Promise<void> {
  let bytes = 0;
  for (const path of new Set(paths)) {
    bytes += await copyIgnored(path, repository, worktree);
    if (bytes > bytesMax)
      throw new ForgeError('config.invalid', `The ignored files for a worktree are larger than ${bytesMax / 1e6} MB.`, {
        next: `Leave large ones, such as ${path}, out of .worktreeinclude and worktrees.copy; a command in worktrees.setup can fetch or link them.`,
      });
  }
}

/** The bytes that were copied. A file that the repository does not have is left out; one that is there already is the branch's own, and stays. */
async function copyIgnored(path: string, repository: string, worktree: string): Promise<number> {
  const relative = normalize(path);
  if (isAbsolute(relative) || relative.split(sep).includes('..')) {
    throw new ForgeError('config.invalid', `worktrees.copy: ${path} leads out of the repository.`);
  }
  const source = join(repository, relative);
  const found = await lstat(source).catch(() => null);
  if (!found?.isFile()) return 0;
  await refuseWayOut(path, source, repository);
  const target = join(worktree, relative);
  await mkdir(dirname(target), { recursive: true });
  await refuseWayOut(path, target, worktree);
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(
    (failure: NodeJS.ErrnoException) => {
      if (failure.code !== 'EEXIST') throw failure;
    },
  );
  return found.size;
}

/** A link between the two may lead anywhere. */
async function refuseWayOut(path: string, place: string, root: string): Promise<void> {
  const folder = await realpath(dirname(place));
  if (`${folder}${sep}`.startsWith(`${await realpath(root)}${sep}`)) return;
  throw new ForgeError('config.invalid', `worktrees.copy: ${path} leads out of ${root}.`);
}

function runSetup(command: string, cwd: string, env: Record<string, string>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that all of it can be ended when it takes too long.
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let tail = '';
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString('utf8')).slice(-outputTailMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stop = (why: string) => {
      endGroup(child.pid);
      finish(why);
    };
    const late = setTimeout(() => stop(`did not end within ${setupMs / 60_000} min`), setupMs);
    const onAbort = () => stop('was ended with its run');
    signal.addEventListener('abort', onAbort);
    const finish = (failure: string | null) => {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
      // What it left running may hold them open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      if (failure === null) resolve();
      else reject(setupFailed(command, failure, tail));
    };
    child.on('error', reject);
    const end = (code: number | null, signal: string | null) =>
      finish(code === 0 ? null : code === null ? `ended by ${signal}` : `exited with status ${code}`);
    child.on('close', end);
    child.on('exit', (...how) => setTimeout(() => end(...how), lastWordsMs));
  });
}

function setupFailed(command: string, how: string, tail: string): ForgeError {
  const said = plainText(tail.trim());
  return new ForgeError('spawn.failed', `The setup command \`${command}\` ${how}${said ? `: ${said}` : '.'}`, {
    next: 'Correct worktrees.setup in .forge/config.yaml, then dispatch the task again.',
  });
}
