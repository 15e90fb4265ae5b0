import { gitBytes } from '../git-bytes.ts';
import type { GitCall } from '../run-git.ts';

/** The tree without anything, by SHA-1 and SHA-256: git knows it without having it, and so does not write it. */
const emptyTrees: ReadonlySet<string> = new Set([
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
]);

/** The tree of an index, written. What a partial clone has not fetched yet need not be there. */
export async function treeOf(call: GitCall): Promise<string> {
  const tree = (await gitBytes(call, ['write-tree', '--missing-ok'])).toString().trim();
  if (emptyTrees.has(tree)) await gitBytes(call, ['mktree', '-z']);
  return tree;
}
