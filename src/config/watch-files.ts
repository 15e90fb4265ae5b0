import type { Disposable } from '../base/disposable.ts';
import { disposable } from '../base/disposable.ts';

/** An editor writes a file in several steps: a change counts when nothing more came for this long, in ms. */
const settleMs = 100;

/**
 * Calls `onChange` when one of the files was written, made or removed, by whatever program; and once when that begins to be
 * seen, since what was changed just before is told by nobody.
 */
export async function watchFiles(files: string[], onChange: () => void): Promise<Disposable> {
  const { watch } = await import('chokidar');
  const watcher = watch(files, { ignoreInitial: true });
  let timer: NodeJS.Timeout | null = null;
  const changed = () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  };
  watcher.on('all', changed);
  watcher.on('ready', changed);
  // A folder that cannot be watched costs the live update, not the program.
  watcher.on('error', () => {});
  return disposable(() => {
    if (timer) clearTimeout(timer);
    void watcher.close();
  });
}
