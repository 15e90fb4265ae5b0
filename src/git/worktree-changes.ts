import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffStat } from '../domain/run.ts';
import type { DiffFile, Worktree } from '../ports/git.ts';
import { copyIndex } from './copy-index.ts';
import { neutralFilters } from './filters.ts';
import { parseNumstat } from './parse-numstat.ts';
import { type Environment, type GitCall, GitFailure, gitFailed, runGit } from './run-git.ts';
import { addLink, submoduleLinks } from './submodule-links.ts';
import { temporaryFolder } from './temporary-folders.ts';
import { worktreeGitDir } from './worktree-pointer.ts';

/** More is not read by a person, and would be sent to every dashboard. */
const DIFF_BYTES_MAX = 2_000_000;
/** Folders with a repository of their own that has no commit: git refuses to add them, one a call. */
const EMPTY_REPOSITORIES_MAX = 20;

/** Who makes the commits that keep work: they are never part of a delivered history. */
export const keeper = {
  ...{ GIT_AUTHOR_NAME: 'worktree', GIT_AUTHOR_EMAIL: 'worktree@localhost' },
  ...{ GIT_COMMITTER_NAME: 'worktree', GIT_COMMITTER_EMAIL: 'worktree@localhost' },
};

const diffOptions = [
  '--cached',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '-M',
  '-O/dev/null',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

export interface Place {
  commonDir: string;
  environment: Environment;
  worktree: Worktree;
  /** The git directory of the worktree, where it is not one that Forge made: the main checkout. */
  gitDir?: string;
}

/** `aside`: nowhere for longer than the call. */
type Objects = 'aside' | 'repository' | { folder: string };

export function worktreeDiffStat(place: Place): Promise<DiffStat & { files: DiffFile[] }> {
  return withEverythingAdded(place, 'aside', async (call) =>
    parseNumstat(await runGit(call, ['diff', ...diffOptions, '--numstat', '-z', place.worktree.base, '--'])),
  );
}

export function worktreeDiff(place: Place, bytesMax = DIFF_BYTES_MAX): Promise<string> {
  return withEverythingAdded(place, 'aside', async (call) => {
    const text = await runGit({ ...call, bytesMax }, ['diff', ...diffOptions, place.worktree.base, '--']);
    const bytes = Buffer.from(text);
    if (bytes.length <= bytesMax) return text;
    const kept = bytes.subarray(0, bytesMax).toString('utf8');
    return `${kept.slice(0, kept.lastIndexOf('\n') + 1)}… cut after ${bytesMax} bytes\n`;
  });
}

/** Everything in the worktree as a commit on top of its HEAD, for a merge that is only tried: no ref names it, new objects are in `folder`. Same content, same id. */
export function commitForTrial(place: Place, folder: string): Promise<{ commit: string; head: string }> {
  const onOneDay = { GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000000 +0000' };
  return withEverythingAdded(place, { folder }, async (plain) => {
    const call = { ...plain, variables: { ...plain.variables, ...keeper, ...onOneDay } };
    const tree = (await runGit(call, ['write-tree'])).trim();
    const known = await runGit(call, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(() => '');
    const head = known.trim() || place.worktree.base;
    const commit = await runGit(call, ['commit-tree', '--no-gpg-sign', '-p', head, '-m', 'try', tree]);
    return { commit: commit.trim(), head };
  });
}

/**
 * Calls `act` with an index of its own, in which everything of the worktree is added, untracked files too. The worktree's
 * own index is not touched. `aside` also puts the new objects into a temporary folder, so that looking leaves no trace.
 */
export async function withEverythingAdded<T>(
  { commonDir, environment, worktree, ...place }: Place,
  objects: Objects,
  act: (call: GitCall) => Promise<T>,
): Promise<T> {
  const gitDir = place.gitDir ?? worktreeGitDir(commonDir, worktree.path);
  const folder = temporaryFolder('index');
  try {
    const variables: Record<string, string> = {
      GIT_DIR: gitDir,
      GIT_COMMON_DIR: commonDir,
      GIT_WORK_TREE: worktree.path,
      GIT_INDEX_FILE: join(folder, 'index'),
    };
    if (objects !== 'repository') {
      variables.GIT_OBJECT_DIRECTORY = objects === 'aside' ? join(folder, 'objects') : objects.folder;
      variables.GIT_ALTERNATE_OBJECT_DIRECTORIES = quoted(join(commonDir, 'objects'));
      mkdirSync(variables.GIT_OBJECT_DIRECTORY, { recursive: true });
    }
    const plain: GitCall = { cwd: worktree.path, environment, variables };
    // Work outside the part that a sparse checkout has is work too.
    const everywhere = ['core.sparseCheckout', 'false'] as const;
    const call: GitCall = { ...plain, settings: [...(await neutralFilters(plain)), everywhere] };
    if (!copyIndex(join(gitDir, 'index'), variables.GIT_INDEX_FILE)) await runGit(call, ['read-tree', worktree.base]);
    await addAll(call);
    return await act(call);
  } catch (failure) {
    throw gitFailed(`git in ${worktree.path}`, failure);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function addAll(call: GitCall): Promise<void> {
  const links = await submoduleLinks(call);
  const left = [...links];
  for (;;) {
    try {
      await runGit(call, ['add', '--all', '--', '.', ...left.map((path) => `:(exclude,literal)${path}`)]);
      for (const link of links) await addLink(call, link);
      return;
    } catch (failure) {
      const empty = failure instanceof GitFailure ? emptyRepository.exec(failure.message)?.[1] : undefined;
      if (empty === undefined || left.includes(empty) || left.length - links.length >= EMPTY_REPOSITORIES_MAX)
        throw failure;
      left.push(empty);
    }
  }
}

const emptyRepository = /'(.+)\/' does not have a commit checked out/;

/** A path in a list that git splits at colons: quoted, as it may hold one. */
export function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
