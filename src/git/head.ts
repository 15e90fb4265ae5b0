import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The commit of the main checkout. Starting git takes longer than its answer: a ref in a file of its own is read there. `run`: git on
 * the main repository.
 */
export async function headOf(commonDir: string, run: (args: readonly string[]) => Promise<string>): Promise<string> {
  return looseHead(commonDir) ?? (await run(['rev-parse', '--verify', 'HEAD^{commit}'])).trim();
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
