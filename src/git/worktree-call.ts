import { neutralFilters } from './filters.ts';
import type { GitCall } from './run-git.ts';
import { worktreeGitDir } from './worktree-pointer.ts';

/** Git in a worktree of the repository, by the pointer that Forge knows. Throws `git.failed` when it leads elsewhere. */
export function worktreeCall(main: GitCall, commonDir: string, path: string): GitCall {
  const variables = { GIT_DIR: worktreeGitDir(commonDir, path), GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: path };
  return { ...main, cwd: path, variables };
}

/** The same with the filters blanked that the repository defines: for what may read or write content. */
export async function filteredCall(main: GitCall, commonDir: string, path: string): Promise<GitCall> {
  const call = worktreeCall(main, commonDir, path);
  return { ...call, settings: await neutralFilters(main) };
}
