import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { copyIndex } from '../copy-index.ts';
import { asInput, gitBytes, pathBytes, type RawPath, rawPaths } from '../git-bytes.ts';
import type { GitCall } from '../run-git.ts';
import type { OpenWorktree } from './open-worktree.ts';
import { treeOf } from './tree-of.ts';

const rawPath = z.string().transform((path) => path as RawPath);
const paths = z.array(rawPath);

/** What an index holds beside a tree. Paths byte by byte. */
export const indexStateSchema = z.object({
  /** Of a merge that is not resolved: as `ls-files --unmerged` and `update-index --index-info` have them. */
  unmerged: z.array(z.string()),
  /** `git add --intent-to-add`, with the mode of then. */
  intended: z.array(z.object({ path: rawPath, mode: z.string() })),
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
  const more = ['diff-index', '--cached', '-z', '--no-renames', '--raw', '--diff-filter=A', tree, '--'];
  const fields = rawPaths(await gitBytes(call, more));
  const intended = fields.flatMap((path, at) => (at % 2 === 0 ? [] : [{ path, mode: fields[at - 1].split(' ')[1] }]));
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
  { scratch }: OpenWorktree,
  call: GitCall,
  tree: string,
  state: IndexState,
): Promise<void> {
  await gitBytes(call, ['read-tree', '--reset', tree]);
  if (state.unmerged.length > 0) {
    await gitBytes(call, ['update-index', '-z', '--index-info'], asInput(state.unmerged as RawPath[]));
  }
  await intend(call, join(scratch, 'intended'), state.intended);
  await gitBytes(call, ['update-index', '-q', '--unmerged', '--refresh']);
  for (const [flag, marked] of [
    ['--assume-unchanged', state.assumedUnchanged],
    ['--skip-worktree', state.skipped],
  ] as const) {
    if (marked.length > 0) await gitBytes(call, ['update-index', flag, '-z', '--stdin'], asInput(marked));
  }
}

/** Git intends to add nothing that is not on the disk, and a file may be gone or be another since: so it is shown some of that kind. */
async function intend(call: GitCall, stage: string, intended: IndexState['intended']): Promise<void> {
  if (intended.length === 0) return;
  for (const { path, mode } of intended) {
    const file = pathBytes(stage, path);
    mkdirSync(pathBytes(stage, dirname(path) as RawPath), { recursive: true });
    if (mode === '120000') symlinkSync('.', file);
    else writeFileSync(file, '', { mode: mode === '100755' ? 0o755 : 0o644 });
  }
  const variables = { ...call.variables, GIT_WORK_TREE: stage, GIT_LITERAL_PATHSPECS: '1' };
  const file = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  const args = ['add', '--intent-to-add', '--force', ...file];
  await gitBytes({ ...call, cwd: stage, variables }, args, asInput(intended.map(({ path }) => path)));
}
