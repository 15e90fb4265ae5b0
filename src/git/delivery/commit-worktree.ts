import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import { neutralFilters } from '../filters.ts';
import { type GitCall, GitFailure, gitFailed, runGit } from '../run-git.ts';
import { type Place, withEverythingAdded } from '../worktree-changes.ts';
import { worktreeGitDir } from '../worktree-pointer.ts';

/** What git leaves in the git directory of a worktree while something is unfinished there. */
const unfinished: readonly (readonly [name: string, what: string])[] = [
  ['rebase-merge', 'A rebase'],
  ['rebase-apply', 'A rebase'],
  ['CHERRY_PICK_HEAD', 'A cherry-pick'],
  ['REVERT_HEAD', 'A revert'],
];

/** A merge in the worktree that has conflicts: what is being merged, and where it does not. */
export interface UnfinishedMerge {
  against: string;
  files: string[];
}

/**
 * Commits everything in the worktree but `leftOut` on its branch, in the person's name, and gives the newest commit of the
 * branch: the one that is there already when nothing is uncommitted. No hook runs, and nothing is signed. Safe to repeat. Throws
 * `git.identity` when git does not know who the person is, `git.failed` when something is unfinished in the worktree.
 */
export async function commitWorktree(
  place: Place,
  message: string,
  leftOut: readonly string[],
): Promise<string | UnfinishedMerge> {
  const { commonDir, environment, worktree } = place;
  const gitDir = worktreeGitDir(commonDir, worktree.path);
  const variables = { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: worktree.path };
  const plain: GitCall = { cwd: worktree.path, environment, variables };
  const call: GitCall = { ...plain, settings: [...(await neutralFilters(plain)), ['user.useConfigOnly', 'true']] };
  try {
    const unfinished = await unfinishedMerge(call, gitDir);
    if (unfinished) return unfinished;
    const merged = mergeHeads(gitDir);
    const { commit, isOnBranch } = await withEverythingAdded(place, 'repository', async (added) => {
      const inAll = { ...added, settings: call.settings ?? [] };
      await takeOut(inAll, new Set(leftOut));
      return commitAdded(inAll, worktree.branch, merged, message);
    });
    if (isOnBranch) await followBranch(call, merged.length > 0);
    return commit;
  } catch (failure) {
    throw gitFailed(`git commit in ${worktree.path}`, failure);
  }
}

async function unfinishedMerge(call: GitCall, gitDir: string): Promise<UnfinishedMerge | null> {
  const rows = (await runGit(call, ['ls-files', '--unmerged', '-z'])).split('\0');
  const files = [...new Set(rows.map((row) => row.slice(row.indexOf('\t') + 1)).filter((path) => path !== ''))];
  const what = unfinished.find(([name]) => existsSync(join(gitDir, name)))?.[1];
  if (what) throw left(`${what} is unfinished in the worktree`);
  if (files.length === 0) return null;
  const [other] = mergeHeads(gitDir);
  if (other === undefined) throw left(`The worktree has conflicts in ${files.slice(0, 20).join(', ')}`);
  const name = (await runGit(call, ['name-rev', '--name-only', '--refs=refs/heads/*', other])).trim();
  return { against: name === 'undefined' ? other.slice(0, 12) : name, files };
}

function left(message: string): ForgeError {
  return new ForgeError('git.failed', message, { next: 'Finish it there, then: forge approve RUN' });
}

/** What was only copied into the worktree is no work, though an agent may have taken it out of what git ignores. */
async function takeOut(call: GitCall, leftOut: ReadonlySet<string>): Promise<void> {
  if (leftOut.size === 0) return;
  const options = ['--cached', '--name-only', '--diff-filter=A', '--no-renames', '--no-ext-diff', '-z'];
  const added = (await runGit(call, ['diff', ...options, 'HEAD', '--'])).split('\0');
  const paths = added.filter((path) => leftOut.has(path));
  if (paths.length === 0) return;
  await runGit({ ...call, input: paths.join('\0') }, ['update-index', '--force-remove', '-z', '--stdin']);
}

/** The other sides of a merge whose conflicts are resolved and that nobody has committed. */
function mergeHeads(gitDir: string): string[] {
  const file = join(gitDir, 'MERGE_HEAD');
  return existsSync(file) ? (readFileSync(file, 'utf8').match(/^[0-9a-f]{40,64}$/gm) ?? []) : [];
}

async function commitAdded(call: GitCall, branch: string, merged: readonly string[], message: string) {
  const ask = async (...args: string[]) => (await runGit(call, args)).trim();
  const ref = `refs/heads/${branch}`;
  const head = await ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
  const isOnBranch = (await ask('rev-parse', '--symbolic-full-name', 'HEAD')) === ref;
  const tip = await ask('for-each-ref', '--format=%(objectname)', '--', ref);
  const tree = await ask('write-tree');
  const isOn = async (commit: string) => (await ask('rev-parse', `${commit}^{tree}`)) === tree;
  const isIn = async (old: string, young: string) => (await ask('merge-base', old, young).catch(() => '')) === old;

  // Killed after the branch was moved, and before that was told.
  if (tip !== '' && tip !== head && (await isOn(tip)) && (await isIn(head, tip))) return { commit: tip, isOnBranch };
  if (tip !== '' && !(await isIn(tip, head))) {
    throw left(`The worktree is no longer on ${branch}, which has commits that are not in it`);
  }
  const open = [];
  for (const other of merged) if (!(await isIn(other, head))) open.push(other);
  const isCommitted = open.length === 0 && (await isOn(head));
  // Beside the index aside: a message may be longer than an argument.
  const file = join(dirname(call.variables?.GIT_INDEX_FILE ?? ''), 'message');
  writeFileSync(file, `${message}\n`);
  const parents = [head, ...open].flatMap((parent) => ['-p', parent]);
  const commit = isCommitted
    ? head
    : await ask('commit-tree', '--no-gpg-sign', ...parents, '-F', file, tree).catch(named);
  const subject = (message.split('\n')[0] ?? '').slice(0, 100);
  // Only from where it was just now: it is never moved over the commits of somebody else.
  if (commit !== tip) await ask('update-ref', '-m', `commit: ${subject}`, ref, commit, tip || '0'.repeat(head.length));
  return { commit, isOnBranch };
}

/** A commit that nobody can be the author of, in words. */
function named(failure: unknown): never {
  if (!(failure instanceof GitFailure) || !noIdentity.test(failure.message)) throw failure;
  throw new ForgeError('git.identity', 'Git does not know in whose name to commit.', { cause: failure });
}

const noIdentity = /tell me who you are|auto-detection is disabled|empty ident name|no (email|name) was given/i;

/** The worktree's own index is what was committed. A lock that a killed git left there makes no work undone. */
async function followBranch(call: GitCall, isMerge: boolean): Promise<void> {
  try {
    await runGit(call, ['read-tree', '-m', '-i', 'HEAD']);
    if (isMerge) await runGit(call, ['merge', '--quit']);
  } catch (failure) {
    if (!(failure instanceof GitFailure) || !failure.message.includes('.lock')) throw failure;
  }
}
