import { spawn } from 'node:child_process';
import { ForgeError } from '../base/errors.ts';
import { gitEnvironment } from './harden.ts';
import { type GitCall, GitFailure } from './run-git.ts';

/** Longer than any of these calls takes, in ms: git that reads from a dead network file system is given up. */
const callMsMax = 10 * 60 * 1000;
/** What git says of a failure is read by a person. */
const saidBytesMax = 10_000;

/**
 * As `runGit`, with something to read for git and with bytes as the answer: names of files need not be UTF-8. Throws
 * `GitFailure` and `git.missing`.
 */
export function gitBytes(call: GitCall, args: readonly string[], input: Uint8Array | string = ''): Promise<Buffer> {
  const { cwd, environment, variables = {}, settings = [] } = call;
  const env = { ...gitEnvironment(environment, settings), ...variables };
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd, env, timeout: callMsMax });
    const printed: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < saidBytesMax) said += chunk.toString('utf8');
    });
    child.on('error', (failure) => {
      const isMissing = (failure as NodeJS.ErrnoException).code === 'ENOENT';
      reject(isMissing ? new ForgeError('git.missing', 'git was not found on PATH') : failure);
    });
    child.on('close', (status, signal) => {
      if (status === 0) resolve(Buffer.concat(printed));
      else reject(new GitFailure(said.trim() || `git ${args[0]} ended with ${signal ?? `status ${status}`}`));
    });
    // Git may end before it has read everything; how it ended says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A path as git printed it, byte by byte: nothing is lost of one that is not UTF-8. Only `pathBytes` makes it a path again. */
export type RawPath = string & { readonly __raw: 'path' };

export function rawPaths(listed: Buffer): RawPath[] {
  return listed.toString('latin1').split('\0').filter(Boolean) as RawPath[];
}

export function pathBytes(root: string, path: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** For git to read with -z. */
export function asInput(paths: Iterable<RawPath>): Buffer {
  return Buffer.from([...paths].map((path) => `${path}\0`).join(''), 'latin1');
}

/** For a person. */
export function shownPath(path: RawPath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}
