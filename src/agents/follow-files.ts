import type { Disposable } from '../base/disposable.ts';
import { followLines } from './follow-file.ts';

/** How often new files are looked for, in ms. */
const listMs = 500;

/**
 * Follows the lines of several files. `list` is asked again and again which they are: one that it names for the first time is
 * read from its beginning, by what `read` gives for it; one that it names no more is left. A list that fails names none anew.
 */
export function followFiles(
  list: () => Promise<readonly string[]>,
  read: (path: string) => (line: string) => void,
): Disposable {
  const followed = new Map<string, Disposable>();
  let isDisposed = false;
  let timer: NodeJS.Timeout;
  const look = async () => {
    const paths = await list().catch(() => null);
    if (isDisposed) return;
    if (paths) keepOnly(new Set(paths));
    timer = setTimeout(look, listMs).unref();
  };
  function keepOnly(paths: ReadonlySet<string>) {
    for (const [path, following] of followed)
      if (!paths.has(path)) {
        following.dispose();
        followed.delete(path);
      }
    for (const path of paths)
      if (!followed.has(path))
        followed.set(
          path,
          followLines(async () => path, read(path)),
        );
  }
  timer = setTimeout(look, 0).unref();
  return {
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      keepOnly(new Set());
    },
  };
}
