import { availableParallelism } from 'node:os';

let atOnce = 0;

/**
 * Fills a new worktree with what its HEAD has, or with `content` as uncommitted changes against it. Git writes files with as many
 * processes as this machine has left: alone one worktree is ready sooner, and several do not hold each other up.
 */
export async function checkOut(
  runIn: (args: readonly string[], settings: (readonly [key: string, value: string])[]) => Promise<string>,
  content?: string,
): Promise<void> {
  atOnce += 1;
  const workers = Math.max(1, Math.floor(availableParallelism() / atOnce));
  const settings = [['checkout.workers', String(workers)] as const];
  try {
    if (content === undefined) await runIn(['reset', '--hard', '--quiet', '--no-recurse-submodules'], settings);
    else {
      await runIn(['read-tree', '--reset', '-u', content], settings);
      await runIn(['reset', '--quiet', '--mixed', 'HEAD'], settings);
    }
  } finally {
    atOnce -= 1;
  }
}
