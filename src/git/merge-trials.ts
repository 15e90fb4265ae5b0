import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposable } from '../base/disposable.ts';
import type { Lines, SharedFile } from '../domain/overlap.ts';
import type { Worktree } from '../ports/git.ts';
import type { MergeTrials, Snapshot } from '../ports/merge-trials.ts';
import { type Environment, type GitCall, gitFailed, runGit } from './run-git.ts';
import { scratchRepository } from './scratch-repository.ts';
import { tryMerge } from './try-merge.ts';
import { keeper, type Place, snapshotWorktree } from './worktree-changes.ts';

/** Of how many files of a pair the lines are told. */
const FILES_WITH_LINES_MAX = 50;
/** What is read of one diff, in bytes; what comes after it has no lines. */
const DIFF_BYTES_MAX = 2_000_000;

interface Input {
  commonDir: string;
  environment: Environment;
  /** In the repository. */
  main: GitCall;
  placeOf: (worktree: Worktree) => Place;
}

export function createMergeTrials({ commonDir, environment, main, placeOf }: Input): MergeTrials {
  /** Calls `act` in a scratch repository that has the snapshots. */
  const beside = async <T>(snapshots: readonly Snapshot[], act: (call: GitCall) => Promise<T>): Promise<T> => {
    const folders = snapshots.flatMap(({ objects }) => objects ?? []);
    const scratch = scratchRepository(commonDir, environment, folders);
    try {
      return await act(scratch.call);
    } finally {
      scratch.dispose();
    }
  };
  return {
    async snapshot(worktree) {
      const objects = mkdtempSync(join(tmpdir(), 'forge-snapshot-'));
      const held = disposable(() => rmSync(objects, { recursive: true, force: true }));
      try {
        return { commit: await snapshotWorktree(placeOf(worktree), objects), objects, dispose: held.dispose };
      } catch (failure) {
        held.dispose();
        throw failure;
      }
    },
    async branch(name) {
      const ref = name === null ? 'HEAD' : `refs/heads/${name}`;
      const commit = await runGit(main, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]).catch(
        (failure) => {
          throw gitFailed(`git rev-parse ${ref}`, failure);
        },
      );
      return { commit: commit.trim(), objects: null, dispose() {} };
    },
    changed: (from, to) => beside([], (call) => changedPaths(call, from, to)),
    meet: (ours, theirs) => beside([ours, theirs], (call) => meet(call, ours.commit, theirs.commit)),
    mergeAll: (target, works) => beside([target, ...works], (call) => mergeAll(call, target.commit, works)),
  };
}

async function changedPaths(call: GitCall, from: string, to: string): Promise<string[]> {
  const names = await runGit(call, ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]);
  return names.split('\0').filter((path) => path !== '');
}

async function meet(call: GitCall, ours: string, theirs: string) {
  const common = (await runGit(call, ['merge-base', ours, theirs]).catch(() => '')).trim();
  if (common === '') return { files: [], conflicts: false };
  const theirPaths = new Set(await changedPaths(call, common, theirs));
  const both = (await changedPaths(call, common, ours)).filter((path) => theirPaths.has(path));
  const merge = await tryMerge(call, ours, theirs);
  const inConflict = new Set(merge?.files);
  const shown = both.slice(0, FILES_WITH_LINES_MAX);
  const [ourLines, theirLines] = [
    await changedLines(call, common, ours, shown),
    await changedLines(call, common, theirs, shown),
  ];
  const paths = [...both, ...[...inConflict].filter((path) => !both.includes(path))];
  const files: SharedFile[] = paths.map((path) => ({
    path,
    conflicts: inConflict.has(path),
    lines: [ourLines.get(path) ?? [], theirLines.get(path) ?? []],
  }));
  return { files, conflicts: merge && !merge.isClean };
}

/** Which lines of each file are new or were changed; of a binary file none. */
async function changedLines(
  call: GitCall,
  from: string,
  to: string,
  paths: readonly string[],
): Promise<Map<string, Lines[]>> {
  const found = new Map<string, Lines[]>();
  for (const path of paths) {
    const options = ['-U0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'];
    const diff = await runGit({ ...call, bytesMax: DIFF_BYTES_MAX }, [
      'diff',
      ...options,
      from,
      to,
      '--',
      `:(literal)${path}`,
    ]);
    const hunks = [...diff.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)];
    const lines = hunks.map(
      ([, from, count = '1']): Lines => [Number(from), Number(from) + Math.max(0, Number(count) - 1)],
    );
    found.set(path, lines);
  }
  return found;
}

async function mergeAll(plain: GitCall, target: string, works: readonly Snapshot[]): Promise<(string[] | null)[]> {
  const call = { ...plain, variables: { ...plain.variables, ...keeper } };
  const outcomes: (string[] | null)[] = [];
  let merged = target;
  for (const { commit } of works) {
    const merge = await tryMerge(call, merged, commit);
    outcomes.push(merge === null || merge.isClean ? null : merge.files);
    if (!merge?.isClean) continue;
    const parents = ['-p', merged, '-p', commit];
    merged = (await runGit(call, ['commit-tree', '--no-gpg-sign', ...parents, '-m', 'try', merge.tree])).trim();
  }
  return outcomes;
}
