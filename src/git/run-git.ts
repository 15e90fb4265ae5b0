import { type SimpleGitOptions, simpleGit } from 'simple-git';
import { ForgeError } from '../base/errors.ts';
import { type GitReach, gitEnvironment } from './harden.ts';

/** Git that prints nothing for so long hangs (on a dead network file system, a fifo). A large checkout is silent too. */
const SILENCE_MS_MAX = 10 * 60 * 1000;

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
  /** Stops git when it has printed nothing for so long. */
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
  const { cwd, environment, variables = {}, settings = [], bytesMax, silenceMsMax = SILENCE_MS_MAX } = call;
  const env = { ...gitEnvironment(environment, settings, call.reach), ...variables };
  let status = 0;
  const limit = new AbortController();
  const options: Partial<SimpleGitOptions> = {
    baseDir: cwd,
    // The guards are there for arguments from outside; all that is given here is Forge's own, and takes power away.
    allowEnvironment: Object.keys(env),
    unsafe: allowed,
    timeout: { block: silenceMsMax },
    trimmed: false,
    errors: (_, result) => {
      status = result.exitCode;
      return failureOf(result, answers);
    },
    ...(bytesMax === undefined ? {} : { abort: limit.signal }),
  };
  const printed: Buffer[] = [];
  try {
    const git = simpleGit(options).env(env);
    if (bytesMax !== undefined) {
      let bytes = 0;
      git.outputHandler((_command, stdout) => {
        stdout.on('data', (chunk: Buffer) => {
          printed.push(chunk);
          bytes += chunk.length;
          if (bytes > bytesMax) limit.abort();
        });
      });
    }
    return { printed: await git.raw([...args]), status };
  } catch (failure) {
    if (limit.signal.aborted) return { printed: Buffer.concat(printed).toString('utf8'), status: 0 };
    const message = failure instanceof Error ? failure.message : String(failure);
    if (/spawn \S*git\S* ENOENT/.test(message)) throw new ForgeError('git.missing', 'git was not found on PATH');
    throw new GitFailure(message.trim());
  }
}

/** What a person reads when `what` failed: the first line that git wrote. */
export function gitFailed(what: string, failure: unknown): ForgeError {
  if (failure instanceof ForgeError) return failure;
  const said = failure instanceof Error ? failure.message : String(failure);
  const line = said.split('\n').find((text) => /^(fatal|error): /.test(text)) ?? said.split('\n')[0];
  return new ForgeError('git.failed', `${what}: ${line}`, { cause: failure });
}

function failureOf(
  { exitCode, stdErr, rejection }: { exitCode: number; stdErr: Buffer[]; rejection?: unknown },
  answers: readonly number[],
) {
  if (rejection instanceof Error) return rejection;
  if (answers.includes(exitCode)) return undefined;
  const said = Buffer.concat(stdErr);
  return said.length > 0 ? said : Buffer.from(`git ended with status ${exitCode}`);
}

const allowed = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeMergeDriver: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
};
