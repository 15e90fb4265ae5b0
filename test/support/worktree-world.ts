import { join } from 'node:path';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from './git-repository.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A repository, and Forge's git on it with a folder for worktrees. */
export async function worktreeWorld(files?: Record<string, string>) {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'), files);
  const worktreesDirectory = join(folder, 'worktrees');
  const directory = join(worktreesDirectory, 'p');
  const opened = await openGit({ root, worktreesDirectory, environment });
  return {
    ...{ folder, root, worktreesDirectory, directory, opened, trees: opened.worktrees },
    make: (name: string) => opened.ensureWorktree(join(directory, name), `forge/${name}`),
    commit(path: string, name = 'work.txt') {
      writeFiles(path, { [name]: `${name}\n` });
      git(path, 'add', '--all');
      git(path, 'commit', '--quiet', '-m', name);
      return git(path, 'rev-parse', 'HEAD').trim();
    },
  };
}
