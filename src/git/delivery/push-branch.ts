import { isAbsolute } from 'node:path';
import { type Environment, GitFailure, runGit } from '../run-git.ts';
import { scratchRepository } from '../scratch-repository.ts';
import { transportCall } from '../transport.ts';

/** A push that shows no progress for so long hangs, in ms. */
const SILENCE_MS_MAX = 120_000;

export interface PushInput {
  commonDir: string;
  environment: Environment;
  url: string;
  branch: string;
  commit: string;
  silenceMsMax?: number;
}

/**
 * Pushes the commit as the branch; null when it is there now, otherwise why not, with what to do. Never forces. It runs in a repository
 * without configuration, so that nothing which an agent wrote into the real one says where to, how, or by which program.
 */
export async function pushBranch({
  commonDir,
  environment,
  url,
  branch,
  commit,
  ...input
}: PushInput): Promise<string | null> {
  const { silenceMsMax = SILENCE_MS_MAX } = input;
  const problem = urlProblem(url);
  if (problem !== null) return problem;
  const scratch = scratchRepository(commonDir, environment);
  try {
    const options = ['--progress', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
    const call = { ...(await transportCall(scratch.call)), silenceMsMax };
    await runGit(call, ['push', ...options, '--', url, `${commit}:refs/heads/${branch}`]);
    return null;
  } catch (failure) {
    if (!(failure instanceof GitFailure)) throw failure;
    return pushProblem(failure.message, branch);
  } finally {
    scratch.dispose();
  }
}

/** `user@host:path` too. What names a program to run (`ext::`) is refused, and so is what is meant from another folder. */
function urlProblem(url: string): string | null {
  if (/^(https?|ssh|file):\/\//.test(url) || isAbsolute(url) || /^[\w.-]+(@[\w.-]+)?:[^:]/.test(url)) return null;
  return `The address ${withoutLogin(url)} of the remote is none that Forge pushes to: use https, ssh or an absolute path.`;
}

/** What git says, and what a person reads. The first that fits counts. */
const problems: readonly (readonly [said: RegExp, words: (branch: string) => string])[] = [
  [
    /protected branch|GH006|not allowed to push code to protected/i,
    (branch) => `The remote protects ${branch}. Deliver to another branch, or change the rule there.`,
  ],
  [
    /pre-receive hook declined|hook declined/i,
    (branch) => `A hook of the remote declined ${branch}. See what it asks for, then: forge approve RUN`,
  ],
  [
    /non-fast-forward|fetch first|stale info/i,
    (branch) =>
      `The remote has other commits on ${branch}; nothing was overwritten. Merge them into the branch, then: forge approve RUN`,
  ],
  [
    /Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission denied|HTTP 40[13]|Invalid username/i,
    () =>
      'The remote does not take your credentials, and Forge asks for none. Make `git push` work by hand, then: forge approve RUN',
  ],
  [
    /Host key verification failed/i,
    () => 'The host key of the remote is not known. Connect once by hand with ssh, then: forge approve RUN',
  ],
  [
    /Could not resolve host|unable to access|Connection (refused|timed out|reset)|Network is unreachable|unable to look up/i,
    () => 'The remote cannot be reached. When it can be: forge approve RUN',
  ],
  [
    /does not appear to be a git repository|Repository not found|not found/i,
    () =>
      'There is no repository at the address of the remote. Correct it with git remote set-url, then: forge approve RUN',
  ],
  [
    /git was silent|git took longer/,
    () => 'The remote gave no sign for two minutes. When it answers: forge approve RUN',
  ],
];

function pushProblem(said: string, branch: string): string {
  const known = problems.find(([pattern]) => pattern.test(said));
  const line = said.split('\n').find((text) => /^(!|error:|fatal:|remote: )/.test(text)) ?? said.split('\n')[0] ?? '';
  return known ? known[1](branch) : `${branch} could not be pushed: ${line.trim()}`;
}

/** An address as it may be shown: one over https can hold a token. */
export function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
