import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { ForgeError } from '../base/errors.ts';

/** What is copied into one worktree in all, in bytes. */
const bytesMax = 1_000_000_000;

/** Copies files that git ignores from the main checkout into a worktree. */
export async function copyFiles(paths: readonly string[], repository: string, worktree: string): Promise<void> {
  let bytes = 0;
  for (const path of new Set(paths)) {
    bytes += await copyIgnored(path, repository, worktree);
    if (bytes > bytesMax)
      throw new ForgeError('config.invalid', `The ignored files for a worktree are larger than ${bytesMax / 1e6} MB.`, {
        next: `Leave large ones, such as ${path}, out of .worktreeinclude and worktrees.copy; a command in worktrees.setup can fetch or link them.`,
      });
  }
}

/** The bytes that were copied. A file that the repository does not have is left out; one that is there already is the branch's own, and stays. */
async function copyIgnored(path: string, repository: string, worktree: string): Promise<number> {
  const relative = normalize(path);
  if (isAbsolute(relative) || relative.split(sep).includes('..')) {
    throw new ForgeError('config.invalid', `worktrees.copy: ${path} leads out of the repository.`);
  }
  const source = join(repository, relative);
  const found = await lstat(source).catch(() => null);
  if (!found?.isFile()) return 0;
  await refuseWayOut(path, source, repository);
  const target = join(worktree, relative);
  await mkdir(dirname(target), { recursive: true });
  await refuseWayOut(path, target, worktree);
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(
    (failure: NodeJS.ErrnoException) => {
      if (failure.code !== 'EEXIST') throw failure;
    },
  );
  return found.size;
}

/** A link between the two may lead anywhere. */
async function refuseWayOut(path: string, place: string, root: string): Promise<void> {
  const folder = await realpath(dirname(place));
  if (`${folder}${sep}`.startsWith(`${await realpath(root)}${sep}`)) return;
  throw new ForgeError('config.invalid', `worktrees.copy: ${path} leads out of ${root}.`);
}
