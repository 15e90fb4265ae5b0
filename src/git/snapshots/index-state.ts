import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { copyIndex } from '../copy-index.ts';
import { asInput, gitBytes, type RawPath, rawPaths } from '../git-bytes.ts';
import type { GitCall } from '../run-git.ts';
import type { OpenWorktree } from './open-worktree.ts';
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

/** The tree of the worktree's own index, and what that cannot hold. `intended` is what `diff-files` calls added. */
export async function readIndexState(
  { callWith, scratch }: OpenWorktree,
  index: string,
  intended: RawPath[],
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
    const names = new Set(unmerged.map((entry) => entry.slice(entry.indexOf('\t') + 1) as RawPath));
    await gitBytes(call, ['update-index', '--force-remove', '-z', '--stdin'], asInput(names));
  }
  return { tree: await treeOf(call), state: { unmerged, intended, ...flagged(tagged) } };
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

/** Makes the index of `call`, which knows the files on the disk, that of a snapshot. */
export async function writeIndexState(call: GitCall, tree: string, state: IndexState): Promise<void> {
  await gitBytes(call, ['read-tree', '--reset', tree]);
  if (state.unmerged.length > 0) {
    await gitBytes(call, ['update-index', '-z', '--index-info'], asInput(state.unmerged as RawPath[]));
  }
  if (state.intended.length > 0) {
    const file = ['--pathspec-from-file=-', '--pathspec-file-nul'];
    await gitBytes(literal(call), ['add', '--intent-to-add', '--force', ...file], asInput(state.intended));
  }
  await gitBytes(call, ['update-index', '-q', '--refresh', '--unmerged']);
  for (const [flag, marked] of [
    ['--assume-unchanged', state.assumedUnchanged],
    ['--skip-worktree', state.skipped],
  ] as const) {
    if (marked.length > 0) await gitBytes(call, ['update-index', flag, '-z', '--stdin'], asInput(marked));
  }
}

function literal(call: GitCall): GitCall {
  return { ...call, variables: { ...call.variables, GIT_LITERAL_PATHSPECS: '1' } };
}
