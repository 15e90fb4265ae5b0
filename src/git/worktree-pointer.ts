import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ForgeError } from '../base/errors.ts';

/** A pointer is one line with a path. */
const POINTER_BYTES_MAX = 8192;

/**
 * The git directory of the worktree at `path`. Its `.git` file is the agent's to change, so it counts only if it leads
 * into `commonDir`, and the directory there names this worktree back. Throws `git.failed` otherwise.
 */
export function worktreeGitDir(commonDir: string, path: string): string {
  const pointer = join(path, '.git');
  const gitDir = target(pointer);
  if (gitDir === null || realOrNull(dirname(gitDir)) !== join(commonDir, 'worktrees')) {
    throw changed(`${pointer} no longer leads to ${commonDir}`);
  }
  const back = readShort(join(gitDir, 'gitdir'));
  if (back === null || realOrNull(dirname(resolve(gitDir, back))) !== realOrNull(path)) {
    throw changed(`${gitDir} belongs to another worktree than ${path}`);
  }
  return gitDir;
}

/** Whether the pointer at `path` names a worktree of this repository, one that is gone too. */
export function pointsInto(commonDir: string, path: string): boolean {
  const gitDir = target(join(path, '.git'));
  return gitDir !== null && dirname(gitDir) === join(commonDir, 'worktrees');
}

/** Whether git knows a worktree at `path`, one whose folder is gone too. */
export function isRegistered(commonDir: string, path: string): boolean {
  const folder = join(commonDir, 'worktrees');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.some((name) => {
    const pointer = readShort(join(folder, name, 'gitdir'));
    return pointer !== null && resolve(folder, name, pointer) === join(path, '.git');
  });
}

function target(pointer: string): string | null {
  const path = readShort(pointer)?.match(/^gitdir: (.+)$/s)?.[1];
  return path === undefined ? null : resolve(dirname(pointer), path);
}

function readShort(file: string): string | null {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > POINTER_BYTES_MAX) return null;
  return readFileSync(file, 'utf8').replace(/\n$/, '');
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function changed(message: string): ForgeError {
  return new ForgeError('git.failed', message, { next: 'Put it right with: git worktree repair' });
}
