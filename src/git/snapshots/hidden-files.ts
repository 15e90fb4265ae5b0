import { join } from 'node:path';
import { gitBytes, type RawPath } from '../git-bytes.ts';
import { judgeByRulesOf } from './ignore-rules.ts';
import { inTheWay } from './in-the-way.ts';
import type { OpenWorktree } from './open-worktree.ts';
import { addPaths, type Present, removePaths } from './present-index.ts';
import type { SnapshotParts } from './snapshot-commit.ts';
import { treeOf } from './tree-of.ts';

/**
 * Adds to the index what restoring the tree `files` would overwrite or remove though it is ignored, so that it is kept before. The
 * answer is what it would remove, and has to stay.
 */
export async function takeInHidden(
  open: OpenWorktree,
  present: Present,
  files: string,
  snapshot: SnapshotParts,
): Promise<RawPath[]> {
  const { appearing, staying } = await judgeByRulesOf(open, present, files, snapshot);
  const now = await treeOf(present.call);
  await addPaths(present.call, [...appearing, ...(await inTheWay(open, now, files))]);
  return staying;
}

/** The tree without what a sparse checkout did not have on the disk. */
export async function treeOnDisk(open: OpenWorktree, { tree, index }: SnapshotParts): Promise<string> {
  const { skipped } = index;
  if (skipped.length === 0) return tree;
  const call = open.callWith(join(open.scratch, 'disk-index'));
  await gitBytes(call, ['read-tree', tree]);
  await removePaths(call, skipped);
  return treeOf(call);
}
