import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { neutralFilters } from './filters.ts';
import { type GitCall, runGit } from './run-git.ts';

/** How many repositories inside a worktree are looked into: a folder with more is none that a person made. */
const REPOSITORIES_MAX = 200;

/**
 * Repositories inside a worktree, submodules too, with work that would be lost with them: a commit of the worktree holds none of
 * it. A sentence for each. One that cannot be looked into counts as one with work.
 */
export async function nestedWork(main: GitCall, root: string): Promise<string[]> {
  const found: string[] = [];
  await findRepositories(root, root, found);
  if (found.length > REPOSITORIES_MAX) return [`It holds more than ${REPOSITORIES_MAX} repositories.`];
  const told: string[] = [];
  for (const path of found) {
    const work = await workOf(main, path).catch(() => 'cannot be looked into');
    if (work !== null) told.push(`The repository ${relative(root, path)} inside it ${work}.`);
  }
  return told;
}

/** Follows no link. */
async function findRepositories(root: string, folder: string, found: string[]): Promise<void> {
  if (found.length > REPOSITORIES_MAX) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.name === '.git') {
      if (folder !== root) found.push(folder);
    } else if (entry.isDirectory()) await findRepositories(root, join(folder, entry.name), found);
  }
}

async function workOf({ environment }: GitCall, path: string): Promise<string | null> {
  const plain: GitCall = {
    cwd: path,
    environment,
    // Named, so that git never looks further up for another repository.
    variables: { GIT_DIR: join(path, '.git'), GIT_WORK_TREE: path },
  };
  const call = { ...plain, settings: await neutralFilters(plain) };
  const status = await runGit(call, ['status', '--porcelain', '-z', '--no-renames', '--ignore-submodules=dirty']);
  if (status !== '') return 'has changes that are in no commit';
  const hasHead = await runGit(call, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => null);
  const heads = hasHead === null ? [] : ['HEAD'];
  const commits = await runGit(call, [
    'rev-list',
    '--count',
    '--branches',
    '--tags',
    ...heads,
    '--not',
    '--remotes',
    '--',
  ]);
  return Number(commits) === 0 ? null : `has ${commits.trim()} commits that no remote of it has`;
}
