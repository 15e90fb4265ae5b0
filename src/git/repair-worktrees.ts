import { type Environment, GitFailure, runGit } from './run-git.ts';

/** Lets the worktrees of a repository that was moved find it again. One that cannot be put right costs no other. */
export async function repairWorktrees(root: string, environment: Environment): Promise<void> {
  try {
    await runGit({ cwd: root, environment }, ['worktree', 'repair']);
  } catch (failure) {
    if (!(failure instanceof GitFailure)) throw failure;
  }
}
