import { type GitCall, runGit } from '../run-git.ts';
import { tryMerge } from '../try-merge.ts';

/** How many commits of the target are looked at, the newest ones. */
const COMMITS_MAX = 50;

/**
 * Whether the target has the work: as an ancestor, or at one of its commits merging the work would have changed nothing, which is what a
 * squash and a rebase leave. `since`: a commit of the target up to which that was looked at before. In a scratch repository.
 */
export async function wasMerged(call: GitCall, target: string, work: string, since: string | null): Promise<boolean> {
  const ask = async (...args: string[]) => (await runGit(call, args)).trim();
  const common = await ask('merge-base', target, work).catch(() => '');
  if (common === '') return false;
  if (common === work) return true;
  const range = [target, `^${common}`, ...(since === null ? [] : [`^${since}`])];
  const commits = await ask('rev-list', '--first-parent', '--reverse', `--max-count=${COMMITS_MAX}`, ...range);
  for (const commit of commits.split('\n').filter(Boolean)) {
    const merge = await tryMerge(call, commit, work);
    if (merge === null) return false;
    if (merge.isClean && merge.tree === (await ask('rev-parse', `${commit}^{tree}`))) return true;
  }
  return false;
}
