import { type BigIntStats, fstatSync, futimesSync, lstatSync } from 'node:fs';

/** A smaller file is read sooner than its stamp is stored. */
const STAMPED_BYTES_MIN = 1_000_000n;
/** Times of files move in steps of some ms, up to 2 s on old file systems. */
const STAMP_AGE_MS = 3_000;
/** How far a mark lies in the past: further than a step of the clock, too little to confuse anybody. In ms. */
const MARK = { min: 50, max: 100 };
const MARKED_NS_MIN = 40_000_000n;

/**
 * What tells this content of a file from every other without reading it: '' for a file that is small, missing, or was changed
 * so lately that another change may not have moved its time.
 */
export function fileStamp(path: string): string {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && (isMarked(stat) || Date.now() - Number(stat.ctimeMs) >= STAMP_AGE_MS)
    ? stampOf(stat)
    : '';
}

/** The same of any file, however small and lately changed: enough to see that it was not changed in between. */
export function glance(path: string): string {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : numbersOf(stat);
}

/** Of an open file, however lately it was changed. */
export function openStamp(handle: number): string {
  return stampOf(fstatSync(handle, { bigint: true }));
}

/** Gives a file that this process has just written a time that is past already, so that whoever writes it next moves it. */
export function markFile(handle: number): void {
  const seconds = (Date.now() - MARK.min - Math.random() * (MARK.max - MARK.min)) / 1_000;
  futimesSync(handle, seconds, seconds);
}

/** Whoever writes it now moves its time. Where the file system keeps whole seconds that cannot be known. */
function isMarked({ mtimeNs, ctimeNs }: BigIntStats): boolean {
  return mtimeNs % 1_000_000_000n !== 0n && ctimeNs - mtimeNs >= MARKED_NS_MIN;
}

function stampOf(stat: BigIntStats): string {
  return stat.size < STAMPED_BYTES_MIN ? '' : numbersOf(stat);
}

function numbersOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(':');
}
