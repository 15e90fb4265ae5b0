import { lstatSync, type Stats } from 'node:fs';
import { pathBytes, type RawPath } from '../git-bytes.ts';

/** Null: nothing is there, or a file is where its folder was. */
export function statOf(root: string, path: RawPath): Stats | null {
  try {
    return lstatSync(pathBytes(root, path));
  } catch (failure) {
    if (['ENOENT', 'ENOTDIR'].includes((failure as NodeJS.ErrnoException).code ?? '')) return null;
    throw failure;
  }
}
