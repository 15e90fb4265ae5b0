/** A process of its own that takes a worktree back: node rewind-entry.ts ROOT WORKTREES PATH BRANCH BASE COMMIT. Its git is found on PATH. */
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment } from './git-repository.ts';

const [root, worktreesDirectory, path, branch, base, commit] = process.argv.slice(2) as [
  string,
  ...string[],
] as string[];
const environment = { ...gitTestEnvironment, PATH: process.env.PATH ?? '' };
const git = await openGit({ root, worktreesDirectory, environment });
await git.snapshots.take({ path, branch, base }, { message: 'kept', before: commit });
await git.snapshots.restore({ path, branch, base }, commit);
