import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorktreesPlace } from './open-worktrees.ts';
import { runGit } from './run-git.ts';

/** The commit of the main checkout. Starting git takes longer than its answer: a ref in a file of its own is read there. */
export async function headOf({ main, commonDir }: Pick<WorktreesPlace, 'main' | 'commonDir'>): Promise<string> {
  return looseHead(commonDir) ?? (await runGit(main, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim();
}

/** Null: it is packed, detached, unborn, or kept in another format, and git must say. */
function looseHead(commonDir: string): string | null {
  try {
    const [, ref] = /^ref: (refs\/heads\/[^\n]+)\n$/.exec(readFileSync(join(commonDir, 'HEAD'), 'utf8')) ?? [];
    if (ref === undefined) return null;
    return /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(readFileSync(join(commonDir, ref), 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
