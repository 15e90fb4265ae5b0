import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { copyIndex } from '../copy-index.ts';
import { asInput, gitBytes, pathBytes, type RawPath, rawPaths } from '../git-bytes.ts';
import type { GitCall } from '../run-git.ts';
import type { OpenWorktree } from './open-worktree.ts';
import { statOf } from './stat-of.ts';
import { treeOf } from './tree-of.ts';

const paths = z.array(z.string().transform((path) => path as RawPath));

/** What an index holds beside a tree. Paths byte by byte. */
export const indexStateSchema = z.object({
  /** Of a merge that is not resolved: as `ls-files --unmerged` and `update-index --index-info` have them. */
  unmerged: z.array(z.string()),
  /** `git add --intent-to-add`. */
  intended: paths,
  assumedUnchanged: paths,
  /** Of a sparse checkout. */
  skipped: paths,
});
export type IndexState = z.infer<typeof indexStateSchema>;

/** Of an index file that has not changed; git never writes into one, it puts another in its place. */
export function signatureOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : 'none';
}

/** The tree of an index, and what that cannot hold. */
export async function readIndexState(
  { callWith, scratch }: OpenWorktree,
  index: string,
): Promise<{ tree: string; state: IndexState }> {
  const own = join(scratch, 'own-index');
  copyIndex(index, own);
  const call = callWith(own);
  const [unmergedText, tagged] = await Promise.all([
    gitBytes(call, ['ls-files', '--unmerged', '-z']),
    gitBytes(call, ['ls-files', '-v', '-z']),
  ]);
  const unmerged = rawPaths(unmergedText) as string[];
  if (unmerged.length > 0) {
    const names = asInput(unmergedPaths({ unmerged }));
    await gitBytes(call, ['update-index', '--force-remove', '-z', '--stdin'], names);
  }
  const tree = await treeOf(call);
  // What is only intended to be added is in the index, and not in its tree.
  const more = ['diff-index', '--cached', '-z', '--no-renames', '--name-only', '--diff-filter=A', tree, '--'];
  const intended = rawPaths(await gitBytes(call, more));
  return { tree, state: { unmerged, intended, ...flagged(tagged) } };
}

/** `-v` gives a letter and a blank before each path: S is skipped, a small one assumed to be unchanged. */
function flagged(tagged: Buffer): Pick<IndexState, 'assumedUnchanged' | 'skipped'> {
  const assumedUnchanged: RawPath[] = [];
  const skipped: RawPath[] = [];
  for (const entry of rawPaths(tagged)) {
    if (entry.startsWith('H ')) continue;
    const path = entry.slice(2) as RawPath;
    const letter = entry[0];
    if (letter.toUpperCase() === 'S') skipped.push(path);
    if (letter !== letter.toUpperCase()) assumedUnchanged.push(path);
  }
  return { assumedUnchanged, skipped };
}

export function unmergedPaths({ unmerged }: Pick<IndexState, 'unmerged'>): Set<RawPath> {
  return new Set(unmerged.map((entry) => entry.slice(entry.indexOf('\t') + 1) as RawPath));
}

/** Makes the index of `call`, which knows the files on the disk, that of a snapshot. */
export async function writeIndexState(
  { scratch, worktree }: OpenWorktree,
  call: GitCall,
  tree: string,
  state: IndexState,
): Promise<void> {
  await gitBytes(call, ['read-tree', '--reset', tree]);
  if (state.unmerged.length > 0) {
    await gitBytes(call, ['update-index', '-z', '--index-info'], asInput(state.unmerged as RawPath[]));
  }
  const there = state.intended.filter((path) => isFile(worktree.path, path));
  await intend(call, worktree.path, there);
  // Git intends to add no file that is not there: these were removed after they had been intended.
  const gone = state.intended.filter((path) => !there.includes(path));
  const stage = join(scratch, 'intended');
  for (const path of gone) {
    mkdirSync(pathBytes(stage, dirname(path) as RawPath), { recursive: true });
    writeFileSync(pathBytes(stage, path), '');
  }
  await intend(call, stage, gone);
  await gitBytes(call, ['update-index', '-q', '--unmerged', '--refresh']);
  for (const [flag, marked] of [
    ['--assume-unchanged', state.assumedUnchanged],
    ['--skip-worktree', state.skipped],
  ] as const) {
    if (marked.length > 0) await gitBytes(call, ['update-index', flag, '-z', '--stdin'], asInput(marked));
  }
}

async function intend(call: GitCall, root: string, paths: readonly RawPath[]): Promise<void> {
  if (paths.length === 0) return;
  const variables = { ...call.variables, GIT_WORK_TREE: root, GIT_LITERAL_PATHSPECS: '1' };
  const file = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  const args = ['add', '--intent-to-add', '--force', ...file];
  await gitBytes({ ...call, cwd: root, variables }, args, asInput(paths));
}

/** Not one that is seen through a link. */
function isFile(root: string, path: RawPath): boolean {
  const folders = path.split('/').slice(0, -1);
  const isReal = folders.every((_, n) => statOf(root, folders.slice(0, n + 1).join('/') as RawPath)?.isDirectory());
  return isReal && statOf(root, path)?.isDirectory() === false;
}
