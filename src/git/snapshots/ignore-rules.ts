import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asInput, gitBytes, pathBytes, type RawPath, rawPaths, shownPath } from '../git-bytes.ts';
import { askGitBytes, type GitCall } from '../run-git.ts';
import { unmergedPaths } from './index-state.ts';
import type { OpenWorktree } from './open-worktree.ts';
import type { Present } from './present-index.ts';
import type { SnapshotParts } from './snapshot-commit.ts';
import { statOf } from './stat-of.ts';
import { treeOf } from './tree-of.ts';

export interface Judged {
  /** Ignored now, and not by the rules of the snapshot: made since, or it would be in it. */
  appearing: RawPath[];
  /** Not ignored now, and by the rules of the snapshot it is: it may have been there then, and stays. */
  staying: RawPath[];
}

/**
 * What a snapshot does not hold of what is on the disk, by the ignore rules that it has itself: an agent may have changed them
 * since. Nothing to say when they are the same.
 */
export async function judgeByRulesOf(
  open: OpenWorktree,
  { call }: Present,
  tree: string,
  snapshot: SnapshotParts,
): Promise<Judged> {
  const compare = ['diff-tree', '-r', '-z', '--no-renames', '--name-only'];
  const now = await treeOf(call);
  const changed = rawPaths(await gitBytes(open.call, [...compare, now, tree]));
  if (!changed.some(isRules)) return { appearing: [], staying: [] };
  const rules = await writeRules(open, tree);
  const made = rawPaths(await gitBytes(open.call, [...compare, '--diff-filter=D', now, tree]));
  const hidden = await listIgnored(call);
  const folders = hidden.filter(isFolder).map((path) => path.slice(0, -1) as RawPath);
  for (const path of folders) mkdirSync(pathBytes(rules.folder, path), { recursive: true });
  const closed = await rules.ignored(folders);
  const opened = await listIgnored(
    call,
    folders.filter((path) => !closed.has(path)),
  );
  // Rules that ignore themselves are in no snapshot: they are what they were.
  for (const path of opened.filter(isRules)) copyRules(open.worktree.path, rules.folder, path);
  const files = [...hidden, ...opened].filter((path) => !isFolder(path));
  const [still, then] = [await rules.ignored(files), await rules.ignored(made)];
  const tracked = then.size > 0 ? await trackedIn(open, snapshot) : new Set();
  return {
    appearing: files.filter((path) => !still.has(path)),
    // What was tracked was no ignored file: it was not there.
    staying: [...then].filter((path) => !tracked.has(path)),
  };
}

async function trackedIn({ call }: OpenWorktree, { indexTree, index }: SnapshotParts): Promise<Set<RawPath>> {
  const names = rawPaths(await gitBytes(call, ['ls-tree', '-r', '-z', '--name-only', indexTree]));
  return new Set([...names, ...index.intended.map(({ path }) => path), ...unmergedPaths(index)]);
}

function isRules(path: RawPath): boolean {
  return /(^|\/)\.gitignore$/.test(path);
}

function isFolder(path: RawPath): boolean {
  return path.endsWith('/');
}

/** Without `below`, folders of which everything is ignored are one entry. */
async function listIgnored(call: GitCall, below?: readonly RawPath[]): Promise<RawPath[]> {
  if (below?.length === 0) return [];
  const literal = { ...call, variables: { ...call.variables, GIT_LITERAL_PATHSPECS: '1' } };
  const list = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard'];
  const within = below ? ['--', ...below.map(shownPath)] : ['--directory'];
  return rawPaths(await gitBytes(literal, [...list, ...within]));
}

/** A folder with nothing but the rules of a tree. */
async function writeRules(open: OpenWorktree, tree: string) {
  const folder = join(open.scratch, 'rules');
  mkdirSync(folder);
  const call = open.callWith(join(open.scratch, 'rules-index'));
  await gitBytes(call, ['read-tree', tree]);
  const all = rawPaths(await gitBytes(call, ['ls-files', '-z']));
  const prefix = `--prefix=${folder}/`;
  await gitBytes(call, ['checkout-index', '-z', '--stdin', prefix], asInput(all.filter(isRules)));
  const there: GitCall = { ...call, cwd: folder, variables: { ...call.variables, GIT_WORK_TREE: folder } };
  const ignored = async (paths: readonly RawPath[]): Promise<Set<RawPath>> => {
    if (paths.length === 0) return new Set();
    const asked = { ...there, input: asInput(paths) };
    // 1: none of them is.
    const { printed } = await askGitBytes(asked, ['check-ignore', '--no-index', '-z', '--stdin'], [0, 1]);
    return new Set(rawPaths(printed));
  };
  return { folder, ignored };
}

function copyRules(root: string, folder: string, path: RawPath): void {
  const to = pathBytes(folder, path);
  if (!statOf(root, path)?.isFile() || existsSync(to)) return;
  mkdirSync(pathBytes(folder, dirname(path) as RawPath), { recursive: true });
  copyFileSync(pathBytes(root, path), to);
}
