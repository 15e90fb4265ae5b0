import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A record that nothing was added to for so long is removed, in ms: what it told is in the store. */
const keptMs = 30 * 24 * 3_600_000;

/** Removes records (`.jsonl`) of a folder of Forge's that are old. */
export async function removeOldRecords(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.jsonl')) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > keptMs) await rm(path, { force: true });
  }
}
