import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A `.forge/` folder holds a few files that people write; more is not looked at. */
const FILES_MAX = 1_000;
const FILE_BYTES_MAX = 256 * 1024 * 1024;

/** The database has a copy of its own, in one state; the rest is of the moment, or of a backup. */
const left = /^(forge\.db.*|runs|tasks\.since\.jsonl|.*\.tmp|.*\.lock)$/;

/** Paths of the plain files in a `.forge/` folder that a backup holds, relative to it. Links are not followed. */
export function stateFiles(directory: string, below = ''): string[] {
  const entries = readdirSync(join(directory, below), { withFileTypes: true });
  return entries
    .filter(({ name }) => below !== '' || !left.test(name))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return stateFiles(directory, path);
      return entry.isFile() && statSync(join(directory, path)).size <= FILE_BYTES_MAX ? [path] : [];
    })
    .slice(0, FILES_MAX);
}
