import { ForgeError } from '../base/errors.ts';
import type { FreshBase } from '../ports/worktrees.ts';
import { type GitCall, GitFailure, runGit } from './run-git.ts';
import { transportCall } from './transport.ts';

/** How long a remote may take; then the commit that is here is used, in ms. */
const FETCH_MS_MAX = 20_000;

/** Runs that begin within this time of a fetch share what it brought, in ms. */
const SHARED_MS = 5_000;

interface Fetched {
  commit: string | null;
  /** Why there is none. */
  problem: string;
}

const recent = new Map<string, { at: number; fetched: Promise<Fetched> }>();

/**
 * The commit that a new branch begins at. `head`: that of the main checkout. `remote`: the default branch of the remote. Otherwise a
 * branch by its name, as the remote has it, or as it is here when that contains the remote's. What is fetched goes to refs/forge/base
 * alone: no branch and no remote-tracking branch of the person moves. What cannot be fetched is said, and taken as it is here.
 */
export async function freshBase(main: GitCall, wish: string, msMax = FETCH_MS_MAX): Promise<FreshBase> {
  if (wish === 'head') return { commit: null, note: null };
  const remote = await remoteOf(main);
  const branch = wish === 'remote' ? 'HEAD' : wish;
  const local = wish === 'remote' ? null : await commitOf(main, `refs/heads/${wish}`);
  if (remote === null) {
    if (wish === 'remote') return { commit: null, note: 'The repository has no remote: begun at HEAD.' };
    if (local === null) throw noSuchBranch(wish, 'here');
    return { commit: local, note: null };
  }
  const { commit, problem } = await sharedFetch({ ...main, msMax }, remote, branch);
  if (commit !== null) {
    const isContained = local !== null && (await isAncestor(main, commit, local));
    return { commit: isContained ? local : commit, note: null };
  }
  const here = local ?? (await commitOf(main, `refs/remotes/${remote}/${branch}`));
  if (here === null && wish !== 'remote') throw noSuchBranch(wish, `here or at ${remote}`, problem);
  const instead = here === null ? 'HEAD' : 'what is here';
  return { commit: here, note: `${remote} could not be asked for ${branch} (${problem}): begun at ${instead}.` };
}

/** Those that ask at the same time share one fetch. */
function sharedFetch(main: GitCall, remote: string, branch: string): Promise<Fetched> {
  const key = [main.variables?.GIT_DIR, remote, branch].join('\0');
  const known = recent.get(key);
  if (known && performance.now() - known.at < SHARED_MS) return known.fetched;
  const entry = { at: performance.now(), fetched: fetchBranch(main, remote, branch) };
  recent.set(key, entry);
  entry.fetched.then(
    () => {
      entry.at = performance.now();
    },
    () => recent.delete(key),
  );
  return entry.fetched;
}

async function fetchBranch(main: GitCall, remote: string, branch: string): Promise<Fetched> {
  const target = `refs/forge/base/${remote}/${branch}`;
  const source = branch === 'HEAD' ? 'HEAD' : `refs/heads/${branch}`;
  try {
    // By its address: what the repository's configuration says of programs for this remote then counts for nothing.
    const url = (await runGit(main, ['config', '--get', `remote.${remote}.url`])).trimEnd();
    const call = await transportCall(main);
    const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--refmap='];
    await runGit(call, ['fetch', ...quiet, '--end-of-options', url, `+${source}:${target}`]);
    return { commit: await commitOf(main, target), problem: '' };
  } catch (failure) {
    if (!(failure instanceof GitFailure)) throw failure;
    const [line = ''] = failure.message.split('\n').filter((said) => !said.startsWith('warning:'));
    return { commit: null, problem: line.replace(/^(fatal|error): /, '') };
  }
}

/** That of the branch of the main checkout, else `origin`, else the only one there is. */
async function remoteOf(main: GitCall): Promise<string | null> {
  const names = (await runGit(main, ['remote'])).split('\n').filter(Boolean);
  const head = await runGit(main, ['symbolic-ref', '--quiet', '--short', 'HEAD']).catch(() => '');
  const own = await runGit(main, ['config', '--get', `branch.${head.trim()}.remote`]).catch(() => '');
  return names.find((name) => name === own.trim()) ?? names.find((name) => name === 'origin') ?? names[0] ?? null;
}

async function commitOf(main: GitCall, ref: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  return runGit(main, args).then(
    (commit) => commit.trim(),
    () => null,
  );
}

function isAncestor(main: GitCall, older: string, newer: string): Promise<boolean> {
  return runGit(main, ['merge-base', '--is-ancestor', older, newer]).then(
    () => true,
    () => false,
  );
}

function noSuchBranch(branch: string, where: string, problem = ''): ForgeError {
  return new ForgeError('git.failed', `There is no branch ${branch} ${where}${problem && ` (${problem})`}`, {
    next: 'Correct worktrees.base in .forge/config.yaml: head, remote, or the name of a branch.',
  });
}
