import { existsSync } from 'node:fs';
import type { Worktree } from '../ports/git.ts';
import type { WorktreeLook } from '../ports/worktrees.ts';
import { tipOf } from './branch-tip.ts';
import { nestedWork } from './nested-work.ts';
import { type GitCall, runGit } from './run-git.ts';
import { filteredCall } from './worktree-call.ts';
import { listWorktrees } from './worktree-list.ts';

/** See the port. What cannot be found out is told as unknown, never as nothing. */
export async function lookAtWorktree(main: GitCall, commonDir: string, worktree: Worktree): Promise<WorktreeLook> {
  const run = (args: readonly string[]) => runGit(main, args);
  const { path, branch, base } = worktree;
  const [worktrees, tip] = await Promise.all([listWorktrees(run), tipOf(run, branch)]);
  const listed = worktrees.find((other) => other.path === path);
  const isThere = existsSync(path);
  const mainHead = worktrees[0]?.head ?? null;
  const merged = async (commit: string | null | undefined) =>
    commit != null && (commit === base || (await isIn(main, commit, mainHead, branch)));
  const inside = worktrees
    .filter((other) => other.path.startsWith(`${path}/`))
    .map((other) => `${other.path} is a worktree inside it.`);
  const work = isThere ? await workIn(main, commonDir, path).catch(() => null) : null;
  return {
    isThere,
    locked: listed?.locked ?? null,
    changed: work?.changed ?? null,
    unpushed: work?.unpushed ?? null,
    isMerged: await merged(listed?.head),
    tip,
    isBranchMerged: await merged(tip),
    holds: [...inside, ...(isThere ? await nestedWork(main, path) : [])],
  };
}

async function workIn(main: GitCall, commonDir: string, path: string) {
  const call = await filteredCall(main, commonDir, path);
  const [status, commits] = await Promise.all([
    // What is changed inside a submodule is told by itself: git would ask there with settings that an agent can write.
    runGit(call, [
      ...['status', '--porcelain', '-z', '--no-renames'],
      '--untracked-files=all',
      '--ignore-submodules=dirty',
    ]),
    runGit(call, ['rev-list', '--count', 'HEAD', '--not', '--remotes', '--']),
  ]);
  return { changed: status.split('\0').filter(Boolean).length, unpushed: Number(commits) };
}

async function isIn(main: GitCall, commit: string, head: string | null, branch: string): Promise<boolean> {
  if (head !== null && (await isAncestor(main, commit, head))) return true;
  const format = ['--format=%(refname)', `--contains=${commit}`, '--', 'refs/remotes', 'refs/forge/base'];
  const refs = (await runGit(main, ['for-each-ref', ...format])).split('\n').filter(Boolean);
  return refs.some((ref) => !ref.endsWith(`/${branch}`));
}

function isAncestor(main: GitCall, older: string, newer: string): Promise<boolean> {
  return runGit(main, ['merge-base', '--is-ancestor', older, newer]).then(
    () => true,
    () => false,
  );
}
