import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { gitFailed } from './run-git.ts';

/** A file of patterns, as `.gitignore` has them, for ignored files that a new worktree needs all the same. */
const patternFile = '.worktreeinclude';

/** Files that are copied into each new worktree: more is a folder that a setup command makes better (`npm ci`). */
const filesMax = 5_000;

/** Forge's own folder, with a database that must not be copied while it is used. */
const own = /^\.forge\//;

/**
 * Files of the main checkout that git ignores and `.worktreeinclude` names, relative to it. Git does the matching for both.
 * It follows no link, and what is in a repository of its own is left out. Throws `config.invalid` when there are too many.
 */
export async function includedFiles(
  root: string,
  run: (args: readonly string[]) => Promise<string>,
): Promise<string[]> {
  const patterns = join(root, patternFile);
  if (!lstatSync(patterns, { throwIfNoEntry: false })?.isFile()) return [];
  const list = ['ls-files', '--others', '--ignored', '-z'];
  const [named, ignored] = await Promise.all([
    run([...list, `--exclude-from=${patterns}`]),
    run([...list, '--exclude-standard']),
  ]).catch((failure: unknown) => {
    throw gitFailed('git ls-files', failure);
  });
  const isIgnored = new Set(ignored.split('\0'));
  // A repository inside this one ends with a slash.
  const files = named.split('\0').filter((path) => isIgnored.has(path) && !/(^|\/)$/.test(path) && !own.test(path));
  if (files.length > filesMax) throw tooMany(files);
  return files;
}

function tooMany(files: readonly string[]): ForgeError {
  const counts = new Map<string, number>();
  for (const path of files) counts.set(path.split('/')[0], (counts.get(path.split('/')[0]) ?? 0) + 1);
  const [[folder, count]] = [...counts].sort(([, a], [, b]) => b - a);
  return new ForgeError(
    'config.invalid',
    `${patternFile} names ${files.length} ignored files, of which ${count} are in ${folder}; at most ${filesMax} are copied into a worktree.`,
    { next: `Leave ${folder} out of ${patternFile}; what is in it can be made by a command in worktrees.setup.` },
  );
}
