import { askGit, type GitCall, GitFailure } from './run-git.ts';

/** The oldest git that can merge without a worktree, as `git merge-tree --write-tree`. */
export const mergeTreeVersion = '2.38';

/** A person reads the first ones; the rest is in `git merge`. */
const FILES_MAX = 100;

export interface MergeTry {
  isClean: boolean;
  /** The tree of the result; with conflicts, one with their marks in it. */
  tree: string;
  /** In which files the conflicts are, at most 100. */
  files: string[];
}

/** What merging two commits would give. `call` is in a scratch repository. Null: this git is too old to say it. */
export async function tryMerge(call: GitCall, ours: string, theirs: string): Promise<MergeTry | null> {
  const options = ['--write-tree', '--allow-unrelated-histories', '-z', '--name-only', '--no-messages'];
  try {
    const { status, printed } = await askGit(call, ['merge-tree', ...options, ours, theirs], [0, 1]);
    const [tree = '', ...files] = printed.split('\0').filter((field) => field !== '');
    // With that status git also says that it does not know one of the two.
    if (!/^[0-9a-f]{40,64}$/.test(tree)) throw new GitFailure(`git could not merge ${theirs} into ${ours}`);
    return { isClean: status === 0, tree, files: files.slice(0, FILES_MAX) };
  } catch (failure) {
    if (failure instanceof GitFailure && /^usage: git merge-tree|unknown (option|switch)/m.test(failure.message))
      return null;
    throw failure;
  }
}
