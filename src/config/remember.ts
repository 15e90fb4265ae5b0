import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../ports/clock.ts';

/** A file that was changed so lately may change again without another time, in ms. */
const stampAgeMs = 3_000;
/** Values that are kept: settings of so many projects, and the list of them. */
const keptMax = 50;

interface Kept {
  /** What the file system says of each file that the value was made from. */
  stamps: string[];
  value: unknown;
}

/**
 * What `make` makes of some files, until one of them changes: to load what reads and checks settings takes longer than most
 * commands. `key` says what it is, and all else that it depends on. The values are plain data; what fails is not kept.
 */
export async function remember<T>(
  cache: string,
  key: string,
  files: readonly string[],
  make: () => T | Promise<T>,
  clock: Clock,
): Promise<T> {
  const stamps = files.map((file) => stampOf(file, clock()));
  const kept = keptIn(cache);
  const known = kept[key];
  if (known !== undefined && known.stamps.join() === stamps.join()) return known.value as T;
  const value = await make();
  if (stamps.every((stamp) => stamp !== '')) keep(cache, { ...kept, [key]: { stamps, value } });
  return value;
}

/** '' when it was changed lately: what is read of it now may not be all. */
function stampOf(file: string, now: number): string {
  const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return 'none';
  if (!stat.isFile() || now - Number(stat.ctimeMs) < stampAgeMs) return '';
  return [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
}

function keptIn(cache: string): Record<string, Kept> {
  try {
    return JSON.parse(readFileSync(cache, 'utf8')) as Record<string, Kept>;
  } catch {
    // None yet, or a part of one: it is made anew.
    return {};
  }
}

/** The newest are last. What cannot be written is asked for again; nothing is made where Forge has no home yet. */
function keep(cache: string, kept: Record<string, Kept>): void {
  const text = JSON.stringify(Object.fromEntries(Object.entries(kept).slice(-keptMax)));
  const temporary = `${cache}.${randomUUID()}.tmp`;
  try {
    if (!existsSync(dirname(cache))) mkdirSync(dirname(cache), { mode: 0o700 });
    try {
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, cache);
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch {
    // A full disk, or a home that may only be read.
  }
}
