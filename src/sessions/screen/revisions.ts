let last = 0;

/** Counts over all screens: one that takes another's place is never taken for unchanged. */
export function nextRevision(): number {
  last += 1;
  return last;
}
