import { accessSync, constants, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyIndex } from '../copy-index.ts';
import { asInput, gitBytes, pathBytes, type RawPath, rawPaths, shownPath } from '../git-bytes.ts';
import { type GitCall, GitFailure } from '../run-git.ts';
import { type IndexState, readIndexState, signatureOf } from './index-state.ts';
import { digest, type Kept, KeptIndex } from './kept-index.ts';
import type { OpenWorktree } from './open-worktree.ts';
import { statOf } from './stat-of.ts';

/** An untracked file that is larger is left out, in bytes: what an agent downloads or builds would stay in the repository for weeks. */
const fileBytesMax = 100 * 1024 * 1024;
/** The same for all untracked files together; the smallest come first. */
const allBytesMax = 1024 * 1024 * 1024;

export interface Present {
  /** An index that holds exactly what is on the disk, but for what is left out. */
  index: string;
  call: GitCall;
  leftOut: string[];
  /** What the worktree's own index holds. */
  indexTree: string;
  indexState: IndexState;
}

/**
 * Adds everything on the disk, but what is ignored, to an index of Forge's own. Ignore rules that hide themselves, and those of the
 * person, are looked for only if `isExact`: until then a file that they hide by now is kept on.
 */
export async function readPresent(open: OpenWorktree, isExact: boolean): Promise<Present> {
  const kept = new KeptIndex(open.worktree.path);
  const present = await readOn(open, kept, isExact).catch((failure: unknown) => {
    // A kept index that is damaged; what is wrong with anything else is found again.
    if (failure instanceof GitFailure) return null;
    throw failure;
  });
  return present ?? readAnew(open, kept);
}

/** From the index of the snapshot before. Null when that does not hold any more. */
async function readOn(open: OpenWorktree, keptIndex: KeptIndex, isExact: boolean): Promise<Present | null> {
  const kept = keptIndex.read();
  if (kept?.signature !== signatureOf(join(open.gitDir, 'index'))) return null;
  const index = join(open.scratch, 'present-index');
  if (!keptIndex.copyTo(index)) return null;
  const call = open.callWith(index);
  const [seen, ignored] = await Promise.all([look(call), isExact ? listIgnored(call) : kept.ignored]);
  const areRulesNew = [...seen.changed, ...seen.gone, ...seen.untracked].some((path) => isRules.test(path));
  if (areRulesNew || ignored !== kept.ignored || ownRules(open) !== kept.ownRules) return null;
  const leftOut = await add(open, call, seen);
  if (seen.changed.length + seen.gone.length + seen.untracked.length > 0) keptIndex.write(index, kept);
  return { index, call, leftOut, indexTree: kept.indexTree, indexState: kept.indexState };
}

async function readAnew(open: OpenWorktree, keptIndex: KeptIndex): Promise<Present> {
  const own = join(open.gitDir, 'index');
  const signature = signatureOf(own);
  const index = join(open.scratch, 'present-index');
  rmSync(index, { force: true });
  copyIndex(own, index);
  const call = open.callWith(index);
  const { tree: indexTree, state: indexState } = await readIndexState(open, index).catch(async (failure: unknown) => {
    if (!(failure instanceof GitFailure) || !damagedIndex.test(failure.message)) throw failure;
    // The agent's own was damaged, by a kill or a full disk: what is on the disk is kept all the same.
    rmSync(index);
    await gitBytes(call, ['read-tree', 'HEAD']);
    return readIndexState(open, index);
  });
  await forgetFlags(open, call, indexState);
  const [seen, ignored] = await Promise.all([look(call), listIgnored(call)]);
  const leftOut = await add(open, call, seen);
  const kept: Kept = { signature, ignored, ownRules: ownRules(open), indexTree, indexState };
  keptIndex.write(index, kept);
  return { index, call, leftOut, indexTree, indexState };
}

const damagedIndex = /index file (smaller|corrupt|open failed)|bad (index file|signature)|index uses/;

/** Submodules are compared by their commit alone: looking inside would run what their own configuration names. */
const diffFiles = ['diff-files', '-z', '--no-renames', '--ignore-submodules=dirty'];

/** A file that git was told not to look at is looked at, if it is there. */
async function forgetFlags({ worktree }: OpenWorktree, call: GitCall, state: IndexState): Promise<void> {
  const present = state.skipped.filter((path) => statOf(worktree.path, path));
  for (const [flag, paths] of [
    ['--no-skip-worktree', present],
    ['--no-assume-unchanged', state.assumedUnchanged],
  ] as const) {
    if (paths.length > 0) await gitBytes(call, ['update-index', flag, '-z', '--stdin'], asInput(paths));
  }
}

interface Seen {
  changed: RawPath[];
  /** Also what is behind a link by now. */
  gone: RawPath[];
  untracked: RawPath[];
}

async function look(call: GitCall): Promise<Seen> {
  const [tracked, untracked] = await Promise.all([
    gitBytes(call, [...diffFiles, '--name-status']),
    gitBytes(call, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  const pairs = rawPaths(tracked);
  const withStatus = (isMeant: (letter: string) => boolean) =>
    pairs.filter((_, at) => at % 2 === 1 && isMeant(pairs[at - 1] ?? ''));
  return {
    changed: withStatus((letter) => letter !== 'D'),
    gone: withStatus((letter) => letter === 'D'),
    untracked: rawPaths(untracked),
  };
}

/** A digest of the files in the index that are ignored: another one says that the rules have changed. */
async function listIgnored(call: GitCall): Promise<string> {
  return digest(await gitBytes(call, ['ls-files', '-z', '--cached', '--ignored', '--exclude-standard']));
}

const isRules = /(^|\/)\.gitignore$/;

/** Of the rules of the repository that are in no worktree. */
function ownRules({ commonDir }: OpenWorktree): string {
  return signatureOf(join(commonDir, 'info', 'exclude'));
}

/** What was left out, for a person. */
async function add(open: OpenWorktree, call: GitCall, { changed, gone, untracked }: Seen): Promise<string[]> {
  const { worktree } = open;
  const leftOut: string[] = [];
  const grown = await grownUntracked(open, changed);
  for (const path of grown) leftOut.push(tooLarge(path, statOf(worktree.path, path)?.size ?? 0));
  const toAdd = changed.filter((path) => !grown.has(path) && isReadable(worktree.path, path, leftOut));
  let bytes = 0;
  const sized = untracked.flatMap((path) => {
    // Git looks into no other repository, and says so with a slash.
    if (path.endsWith('/')) leftOut.push(`${shownPath(path)} is a repository of its own`);
    const size = path.endsWith('/') ? undefined : statOf(worktree.path, path)?.size;
    return size === undefined || !isReadable(worktree.path, path, leftOut) ? [] : [{ path, size }];
  });
  for (const { path, size } of sized.sort((a, b) => a.size - b.size)) {
    if (size > fileBytesMax || bytes + size > allBytesMax) leftOut.push(tooLarge(path, size));
    else {
      bytes += size;
      toAdd.push(path);
    }
  }
  await removePaths(call, [...gone, ...grown]);
  await addPaths(call, toAdd);
  return leftOut;
}

/** Files that are gone are removed from the index; ignored ones are added too. */
export async function addPaths(call: GitCall, paths: readonly RawPath[]): Promise<void> {
  if (paths.length === 0) return;
  await gitBytes(call, ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], asInput(paths));
}

/** From the index, whatever is on the disk. */
export async function removePaths(call: GitCall, paths: readonly RawPath[]): Promise<void> {
  if (paths.length > 0) await gitBytes(call, ['update-index', '--force-remove', '-z', '--stdin'], asInput(paths));
}

function isReadable(root: string, path: RawPath, leftOut: string[]): boolean {
  if (!statOf(root, path)?.isFile()) return true;
  try {
    accessSync(pathBytes(root, path), constants.R_OK);
    return true;
  } catch {
    leftOut.push(`${shownPath(path)} cannot be read`);
    return false;
  }
}

/** Untracked files of an earlier snapshot that have become too large since. */
async function grownUntracked(
  { callWith, gitDir, worktree }: OpenWorktree,
  changed: readonly RawPath[],
): Promise<Set<RawPath>> {
  const large = changed.filter((path) => (statOf(worktree.path, path)?.size ?? 0) > fileBytesMax);
  if (large.length === 0) return new Set();
  const own = callWith(join(gitDir, 'index'));
  const tracked = new Set(rawPaths(await gitBytes(own, ['ls-files', '-z', '--cached'])));
  return new Set(large.filter((path) => !tracked.has(path)));
}

function tooLarge(path: RawPath, bytes: number): string {
  return `${shownPath(path)} has ${Math.ceil(bytes / 1024 / 1024)} MB`;
}
