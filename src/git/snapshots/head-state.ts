import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ForgeError } from '../../base/errors.ts';
import { gitBytes } from '../git-bytes.ts';
import { GitFailure } from '../run-git.ts';
import { listWorktrees } from '../worktree-list.ts';
import { withoutLeftover } from './leftover-lock.ts';
import type { OpenWorktree } from './open-worktree.ts';

/** Of a merge, cherry-pick or revert that is under way: small files, which are kept. */
const halfDone = ['MERGE_HEAD', 'MERGE_MODE', 'MERGE_MSG', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG'] as const;
/** Of a rebase and the like: not kept. What is under way when a snapshot is restored is given up, as by `git rebase --quit`. */
const underWay = ['rebase-merge', 'rebase-apply', 'sequencer', 'AUTO_MERGE'] as const;
const halfDoneBytesMax = 64 * 1024;

export const headStateSchema = z.object({
  /** Full name of the branch; null: detached. */
  branch: z.string().nullable(),
  /** Null: the branch has no commit yet. */
  commit: z.string().nullable(),
  halfDone: z.record(z.string(), z.string()),
});
export type HeadState = z.infer<typeof headStateSchema>;

export async function readHead({ call, gitDir }: OpenWorktree): Promise<HeadState> {
  const [branch, commit] = await Promise.all([
    lineOf(gitBytes(call, ['symbolic-ref', '--quiet', 'HEAD'])),
    lineOf(gitBytes(call, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])),
  ]);
  const files = halfDone.flatMap((name) => {
    const stat = lstatSync(join(gitDir, name), { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > halfDoneBytesMax) return [];
    return [[name, readFileSync(join(gitDir, name), 'latin1')] as const];
  });
  return { branch, commit, halfDone: Object.fromEntries(files) };
}

/** The commit at which a branch is; null: it is not there. */
export function tipOf({ call }: OpenWorktree, ref: string): Promise<string | null> {
  return lineOf(gitBytes(call, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]));
}

/** Throws `git.failed` when the branch that is to be brought back is another worktree's by now. */
export async function refuseTakenBranch({ call, worktree }: OpenWorktree, { branch }: HeadState): Promise<void> {
  if (branch === null) return;
  const listed = await listWorktrees(async (args) => (await gitBytes(call, args)).toString());
  const taken = listed.find((other) => `refs/heads/${other.branch}` === branch && other.path !== worktree.path);
  if (!taken) return;
  const name = branch.replace('refs/heads/', '');
  throw new ForgeError('git.failed', `The branch ${name} is checked out in ${taken.path} by now`, {
    next: `Check out another one there, or bring it back elsewhere: forge worktree restore REF --to PATH`,
  });
}

export async function writeHead(open: OpenWorktree, state: HeadState): Promise<void> {
  const { call, gitDir, commonDir } = open;
  const note = ['-m', `reset: moving to ${state.commit}`];
  const head = join(gitDir, 'HEAD.lock');
  if (state.branch === null) {
    await withoutLeftover([head], () =>
      gitBytes(call, ['update-ref', '--no-deref', ...note, 'HEAD', state.commit ?? '']),
    );
  } else {
    const { branch, commit } = state;
    await withoutLeftover([head], () => gitBytes(call, ['symbolic-ref', 'HEAD', branch]));
    if ((await tipOf(open, branch)) !== commit) {
      const change = commit === null ? ['-d', branch] : [branch, commit];
      const locks = [join(commonDir, `${branch}.lock`), head];
      await withoutLeftover(locks, () => gitBytes(call, ['update-ref', ...note, ...change]));
    }
  }
  for (const name of underWay) rmSync(join(gitDir, name), { recursive: true, force: true });
  for (const name of halfDone) {
    const text = state.halfDone[name];
    if (text === undefined) rmSync(join(gitDir, name), { force: true });
    else writeFileSync(join(gitDir, name), text, 'latin1');
  }
}

/** Null when git says no. */
async function lineOf(answer: Promise<Buffer>): Promise<string | null> {
  try {
    return (await answer).toString().trim() || null;
  } catch (failure) {
    if (failure instanceof GitFailure) return null;
    throw failure;
  }
}
