import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts what is too long for a terminal's clipboard into a file that only its owner may read; the newest replaces the last. */
export async function keepCopy(folder: string, text: string): Promise<string> {
  const path = join(folder, 'copied.txt');
  // Never into what somebody else has put there.
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  return path;
}
