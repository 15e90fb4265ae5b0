import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { endGroup } from '../base/end-group.ts';
import { ForgeError } from '../base/errors.ts';
import { faultPoint } from '../base/fault-point.ts';
import { type GitReach, gitEnvironment } from './harden.ts';

/** Git that prints nothing for so long hangs (on a dead network file system, a fifo). A large checkout is silent too. */
const SILENCE_MS_MAX = 10 * 60 * 1000;

/** How long a git that was told to end may take: it ends what it started, and removes its locks. */
const END_MS_MAX = 2_000;

/** What is kept of what git says of a failure: on a full disk it has a line for each file. */
const SAID_BYTES_MAX = 64 * 1024;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface GitCall {
  cwd: string;
  /** The environment that Forge was started with; little of it reaches git. */
  environment: Environment;
  /** Variables of this call, such as GIT_DIR. */
  variables?: Readonly<Record<string, string>>;
  /** Settings of this call. */
  settings?: readonly (readonly [key: string, value: string])[];
  /** Stops git when it has printed more. What was printed until then is the answer. */
  bytesMax?: number;
  /** What git reads from its standard input; without, there is none. */
  input?: string | Uint8Array;
  /** Stops git when it takes longer, in ms. */
  msMax?: number;
  /** Stops git when it has printed nothing for so long, in ms. */
  silenceMsMax?: number;
  /** `remote`: it talks to another repository, as the person: with their ssh and their credential helpers. */
  reach?: GitReach;
}

/** Git ended with a status other than 0. `message` is what it wrote to stderr. */
export class GitFailure extends Error {}

/**
 * Runs git and gives what it printed, as it is. Throws `GitFailure`, and `git.missing` when there is no git. Nothing that
 * the repository's configuration names is executed, except filters, which the caller blanks where they could run.
 */
export async function runGit(call: GitCall, args: readonly string[]): Promise<string> {
  return (await askGit(call, args, [0])).printed;
}

/** The same for a call in which other exit statuses are answers too. */
export async function askGit(
  call: GitCall,
  args: readonly string[],
  answers: readonly number[],
): Promise<{ status: number; printed: string }> {
  const { status, printed } = await askGitBytes(call, args, answers);
  return { status, printed: printed.toString('utf8') };
}

/** The same, byte by byte: names of files need not be UTF-8. */
export function askGitBytes(
  call: GitCall,
  args: readonly string[],
  answers: readonly number[],
): Promise<{ status: number; printed: Buffer }> {
  const { cwd, environment, variables = {}, settings = [], bytesMax = Number.POSITIVE_INFINITY, input, msMax } = call;
  const { silenceMsMax = SILENCE_MS_MAX } = call;
  const env = { ...gitEnvironment(environment, settings, call.reach), ...variables };
  const point = faultName(args);
  faultPoint(`${point} before`);
  return new Promise((resolve, reject) => {
    // What has a deadline has a group too: git leaves the program that it talks to a remote with.
    const isGroup = msMax !== undefined || call.silenceMsMax !== undefined;
    const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const;
    const git = spawn('git', args, { cwd, env, stdio: [...stdio], detached: isGroup });
    const printed: Buffer[] = [];
    const said: Buffer[] = [];
    let bytes = 0;
    let saidBytes = 0;
    let stopped: string | null = null;
    const stop = (why: string) => {
      stopped ??= why;
      git.kill('SIGTERM');
      setTimeout(() => git.kill('SIGKILL'), END_MS_MAX).unref();
      git.once('exit', () => {
        if (isGroup) endGroup(git.pid);
        git.stdout?.destroy();
        git.stderr?.destroy();
      });
    };
    const silent = setTimeout(stop, silenceMsMax, `git was silent for ${silenceMsMax / 60_000} min`);
    const late = msMax === undefined ? undefined : setTimeout(stop, msMax, `git took longer than ${msMax / 1000} s`);
    git.stdout?.on('data', (chunk: Buffer) => {
      silent.refresh();
      printed.push(chunk);
      bytes += chunk.length;
      if (bytes > bytesMax) stop('');
    });
    git.stderr?.on('data', (chunk: Buffer) => {
      silent.refresh();
      if (saidBytes < SAID_BYTES_MAX) said.push(chunk);
      saidBytes += chunk.length;
    });
    // A git that ends without having read all says by its status whether that is a failure.
    git.stdin?.on('error', () => {});
    git.stdin?.end(input);
    const done = () => {
      clearTimeout(silent);
      clearTimeout(late);
    };
    git.on('error', (failure: NodeJS.ErrnoException) => {
      done();
      // The same word is there for a folder to run in that is gone.
      const isMissing = failure.code === 'ENOENT' && existsSync(cwd);
      reject(isMissing ? new ForgeError('git.missing', 'git was not found on PATH') : new GitFailure(failure.message));
    });
    git.on('close', (status, signal) => {
      done();
      faultPoint(`${point} after`);
      const all = Buffer.concat(printed);
      if (stopped === '') return resolve({ status: 0, printed: all });
      if (stopped === null && status !== null && answers.includes(status)) return resolve({ status, printed: all });
      const how = status === null ? `git was ended by ${signal}` : `git ended with status ${status}`;
      reject(new GitFailure(stopped ?? (Buffer.concat(said).toString('utf8').trim() || how)));
    });
  });
}

/** By the words before the first option: what differs from call to call comes after it. */
function faultName(args: readonly string[]): string {
  const words = args.slice(0, 2).filter((word) => /^[a-z][a-z-]*$/.test(word));
  return `git ${words.join(' ')}`;
}

/** What a person reads when `what` failed: the first line that git wrote. */
export function gitFailed(what: string, failure: unknown): ForgeError {
  if (failure instanceof ForgeError) return failure;
  const said = failure instanceof Error ? failure.message : String(failure);
  const line = said.split('\n').find((text) => /^(fatal|error): /.test(text)) ?? said.split('\n')[0];
  return new ForgeError('git.failed', `${what}: ${line}`, { cause: failure });
}
