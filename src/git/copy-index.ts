import { copyFileSync, statSync, utimesSync } from 'node:fs';

/**
 * The copy knows size and time of each file, so git reads only what changed. It keeps the age of the original, to the
 * full second: git takes a file that is as young as the index for changed until it has compared the content.
 */
export function copyIndex(from: string, to: string): boolean {
  const stat = statSync(from, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  copyFileSync(from, to);
  const seconds = Math.floor(stat.mtimeMs / 1000);
  utimesSync(to, seconds, seconds);
  return true;
}
