import { z } from 'zod';
import { gitBytes } from '../git-bytes.ts';
import { GitFailure } from '../run-git.ts';
import { type HeadState, headStateSchema } from './head-state.ts';
import { type IndexState, indexStateSchema } from './index-state.ts';
import type { OpenWorktree } from './open-worktree.ts';

const stateFile = 'state.json';

const stateSchema = z.object({ version: z.literal(1), head: headStateSchema, index: indexStateSchema });

/**
 * A snapshot is a commit: its tree is what is on the disk, its first parent the commit that was checked out, its second one a
 * commit with the tree of the index and a file that says the rest. So git shows it as any other, and keeps all it needs.
 */
export interface SnapshotParts {
  tree: string;
  indexTree: string;
  index: IndexState;
  head: HeadState;
}

/** The tree of the second parent. */
export async function writeStateTree(
  { call }: OpenWorktree,
  { indexTree, index, head }: SnapshotParts,
): Promise<string> {
  const state = JSON.stringify({ version: 1, head, index });
  const blob = await idOf(gitBytes(call, ['hash-object', '-w', '--no-filters', '--stdin'], state));
  const entries = [`040000 tree ${indexTree}\tindex`, `100644 blob ${blob}\t${stateFile}`];
  if (index.unmerged.length > 0) entries.push(`040000 tree ${await unmergedTree(call, index)}\tunmerged`);
  return idOf(gitBytes(call, ['mktree', '-z', '--missing'], `${entries.join('\0')}\0`));
}

/** What only a merge under way has stays reachable by it. */
function unmergedTree(call: OpenWorktree['call'], { unmerged }: IndexState): Promise<string> {
  const entries = unmerged.flatMap((entry, number) => {
    const [mode, id] = entry.split(' ');
    return mode === '160000' ? [] : [`${mode} blob ${id}\t${number}\0`];
  });
  return idOf(gitBytes(call, ['mktree', '-z', '--missing'], entries.join('')));
}

export async function commitSnapshot(
  { call, worktree }: OpenWorktree,
  parts: SnapshotParts,
  stateTree: string,
  message: string,
  alsoHeld: readonly string[],
): Promise<string> {
  const commit = (tree: string, parents: readonly string[]) => {
    const of = parents.flatMap((parent) => ['-p', parent]);
    return idOf(gitBytes(call, ['commit-tree', '--no-gpg-sign', ...of, '-m', message, tree]));
  };
  const state = await commit(stateTree, []);
  return commit(parts.tree, [parts.head.commit ?? worktree.base, state, ...alsoHeld]);
}

export async function readSnapshot({ call, worktree }: OpenWorktree, commit: string): Promise<SnapshotParts> {
  const id = (of: string) => idOf(gitBytes(call, ['rev-parse', '--verify', '--end-of-options', of]));
  const tree = await id(`${commit}^{tree}`);
  let text: Buffer;
  try {
    text = await gitBytes(call, ['cat-file', 'blob', `${commit}^2:${stateFile}`]);
  } catch (failure) {
    if (!(failure instanceof GitFailure)) throw failure;
    // Of an earlier version, which kept the files alone.
    const head = { branch: `refs/heads/${worktree.branch}`, commit: await id(`${commit}^1`), halfDone: {} };
    const index = { unmerged: [], intended: [], assumedUnchanged: [], skipped: [] };
    return { tree, indexTree: await id(`${commit}^1^{tree}`), head, index };
  }
  const { head, index } = stateSchema.parse(JSON.parse(text.toString('utf8')));
  return { tree, indexTree: await id(`${commit}^2:index`), head, index };
}

async function idOf(answer: Promise<Buffer>): Promise<string> {
  return (await answer).toString().trim();
}
