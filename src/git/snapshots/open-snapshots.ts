import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import type { Snapshots } from '../../ports/snapshots.ts';
import { gitBytes, rawPaths } from '../git-bytes.ts';
import { type Environment, type GitCall, GitFailure, gitFailed } from '../run-git.ts';
import { makeRef, refsBelow, removeRefs } from './refs.ts';
import { restoreSnapshot } from './restore-snapshot.ts';
import { takeSnapshot } from './take-snapshot.ts';

export interface OpenSnapshotsInput {
  root: string;
  commonDir: string;
  environment: Environment;
}

/** Snapshots of the worktrees of one repository. */
export function openSnapshots({ root, commonDir, environment }: OpenSnapshotsInput): Snapshots {
  const call: GitCall = { cwd: root, environment, variables: { GIT_DIR: commonDir } };
  const run = (args: readonly string[]) => gitBytes(call, args);
  const told = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (failure) {
      throw gitFailed('git', failure);
    }
  };
  return {
    isThere: ({ path }) => existsSync(join(path, '.git')),
    take: (worktree, wishes) => takeSnapshot({ commonDir, environment, worktree }, wishes),
    restore: (worktree, commit) => restoreSnapshot({ commonDir, environment, worktree }, commit),
    restoreTo: (path, branch, commit) =>
      told(async () => {
        if (existsSync(path)) throw new ForgeError('file.exists', `${path} is there already.`, { next: anotherPath });
        if (!existsSync(dirname(path))) throw new ForgeError('usage.invalid', `There is no folder ${dirname(path)}.`);
        const base = (await run(['rev-parse', '--verify', '--end-of-options', `${commit}^1`])).toString().trim();
        // What is checked out is replaced at once: nothing of it has to be right, and no filter runs.
        await run(['worktree', 'add', '--quiet', '--no-checkout', '--no-track', '-b', branch, '--', path, base]);
        const worktree = { path, branch, base };
        await restoreSnapshot({ commonDir, environment, worktree }, commit, `refs/heads/${branch}`);
        return worktree;
      }),
    countChanges: (from, to) =>
      told(async () => rawPaths(await run(['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to])).length),
    makeRef: (ref, commit) => told(() => makeRef(call, commonDir, ref, commit)),
    refs: (folder) => told(() => refsBelow(call, `refs/forge/${folder}`)),
    removeRefs: (refs) => told(() => removeRefs(call, commonDir, refs)),
    isMerged: (commit, into) =>
      told(async () => {
        const parent = `${commit}^1`;
        const ids = await run(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`]);
        const head = await run(['rev-parse', '--verify', '--end-of-options', `${parent}^{tree}`]);
        if (!ids.equals(head)) return false;
        return run(['merge-base', '--is-ancestor', parent, into]).then(
          () => true,
          (failure: unknown) => {
            if (failure instanceof GitFailure) return false;
            throw failure;
          },
        );
      }),
  };
}

const anotherPath = 'Choose another path: forge worktree restore RUN --to PATH';
