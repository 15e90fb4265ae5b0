import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import type { RunDirectory } from './run-directory.ts';

/**
 * The right to be the daemon of that name, or to start it; null when another process has it. There is nothing stale to clean up
 * (docs/adr/0005-one-daemon-by-kernel-lock.md).
 */
export async function claimInstance({ path }: RunDirectory, daemon: string): Promise<Disposable | null> {
  // Only who starts a daemon, or becomes one, waits for it to be loaded.
  const { claimLock } = await import('../locks/kernel-lock.ts');
  return claimLock(join(path, `${daemon}.lock`));
}
