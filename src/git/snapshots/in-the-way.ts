import { readdirSync } from 'node:fs';
import { ForgeError } from '../../base/errors.ts';
import { gitBytes, pathBytes, type RawPath, rawPaths, shownPath } from '../git-bytes.ts';
import type { OpenWorktree } from './open-worktree.ts';
import { statOf } from './stat-of.ts';

/** More files than these in a folder that is to become a file are a person's to move. */
const filesMax = 20_000;

/**
 * Files that git ignores, or that were left out, where the snapshot has one of its own or needs a folder: writing it would lose
 * them, so whoever keeps what is there keeps these too. Throws `git.failed` when it is another repository.
 */
export async function inTheWay(open: OpenWorktree, now: string, files: string): Promise<RawPath[]> {
  const compare = ['diff-tree', '-r', '-z', '--no-renames', '--diff-filter=AT', '--raw', '--no-abbrev'];
  const fields = rawPaths(await gitBytes(open.call, [...compare, now, files]));
  const found = new Set<RawPath>();
  const seen = new Map<string, boolean>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode] = fields[at].split(' ');
    const path = fields[at + 1];
    if (mode !== submodule) look(open.worktree.path, path, found, seen);
  }
  return [...found];
}

const submodule = '160000';

function look(root: string, path: RawPath, found: Set<RawPath>, seen: Map<string, boolean>): void {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const above = parts.slice(0, length).join('/') as RawPath;
    if (!isFolder(root, above, found, seen)) return;
  }
  const stat = statOf(root, path);
  if (stat?.isDirectory()) takeFolder(root, path, found);
  else if (stat) found.add(path);
}

/** A file, or a link, that has to become a folder is in the way itself. */
function isFolder(root: string, path: RawPath, found: Set<RawPath>, seen: Map<string, boolean>): boolean {
  const known = seen.get(path);
  if (known !== undefined) return known;
  const stat = statOf(root, path);
  const answer = stat?.isDirectory() ?? false;
  if (answer) refuseRepository(root, path);
  if (stat && !answer) found.add(path);
  seen.set(path, answer);
  return answer;
}

function takeFolder(root: string, path: RawPath, found: Set<RawPath>): void {
  refuseRepository(root, path);
  for (const entry of readdirSync(pathBytes(root, path), { withFileTypes: true, encoding: 'buffer' })) {
    const inner = `${path}/${entry.name.toString('latin1')}` as RawPath;
    if (entry.isDirectory()) takeFolder(root, inner, found);
    else found.add(inner);
    if (found.size > filesMax) throw refusal(path, 'has too many files that git ignores');
  }
}

function refuseRepository(root: string, path: RawPath): void {
  const isOne = statOf(root, `${path}/.git` as RawPath) !== null;
  if (isOne) throw refusal(path, 'is a repository of its own');
}

function refusal(path: RawPath, why: string): ForgeError {
  return new ForgeError('git.failed', `${shownPath(path)} is in the way: it ${why}`, {
    next: 'Move it away, and try again. Nothing was changed.',
  });
}
