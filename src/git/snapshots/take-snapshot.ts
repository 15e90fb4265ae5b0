import type { Snapshot, SnapshotWishes } from '../../ports/snapshots.ts';
import { readHead, tipOf } from './head-state.ts';
import { takeInHidden, treeOnDisk } from './hidden-files.ts';
import { type OpenWorktree, type Place, withWorktree } from './open-worktree.ts';
import { readPresent } from './present-index.ts';
import { commitSnapshot, readSnapshot, type SnapshotParts, writeStateTree } from './snapshot-commit.ts';
import { treeOf } from './tree-of.ts';

/** See the port. */
export function takeSnapshot(place: Place, { message, known, before }: SnapshotWishes): Promise<Snapshot> {
  return withWorktree(place, async (open) => {
    const [present, head] = await Promise.all([readPresent(open, before !== undefined), readHead(open)]);
    const after = before === undefined ? null : await readSnapshot(open, before);
    if (after) await takeInHidden(open, present, await treeOnDisk(open, after), after);
    const tree = await treeOf(present.call);
    const parts = { tree, indexTree: present.indexTree, index: present.indexState, head };
    const stateTree = await writeStateTree(open, parts);
    const content = `${tree}.${stateTree}`;
    const found = { content, head: head.commit, leftOut: present.leftOut };
    const alsoHeld = await leftBehind(open, head.commit, after);
    if (known?.content === content && alsoHeld.length === 0) return { ...found, commit: known.commit };
    return { ...found, commit: await commitSnapshot(open, parts, stateTree, message, alsoHeld) };
  });
}

/** The commit from which the branch is about to be taken, when another one is checked out. */
async function leftBehind(
  open: OpenWorktree,
  checkedOut: string | null,
  after: SnapshotParts | null,
): Promise<string[]> {
  const tip = after?.head.branch ? await tipOf(open, after.head.branch) : null;
  return tip === null || tip === checkedOut ? [] : [tip];
}
