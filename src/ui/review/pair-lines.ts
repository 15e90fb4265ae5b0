import type { DiffLine, Hunk } from '../../domain/diff/file-diff.ts';

/** One line of a diff side by side. Context is on both sides; null: there is nothing on that side. */
export interface LinePair {
  left: DiffLine | null;
  right: DiffLine | null;
}

const known = new WeakMap<Hunk, LinePair[]>();
const pairOfLine = new WeakMap<DiffLine, LinePair>();

/** The pair that a line is in. */
export function pairOf(hunk: Hunk, line: DiffLine): LinePair {
  pairLines(hunk);
  return pairOfLine.get(line) ?? { left: null, right: null };
}

/** The lines of a hunk side by side: what was taken out stands beside what came in its place, line by line. */
export function pairLines(hunk: Hunk): LinePair[] {
  const before = known.get(hunk);
  if (before) return before;
  const pairs: LinePair[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      pairs.push({ left: removed[at] ?? null, right: added[at] ?? null });
    removed = [];
    added = [];
  };
  for (const line of hunk.lines) {
    if (line.kind === 'removed') {
      if (added.length > 0) flush();
      removed.push(line);
    } else if (line.kind === 'added') added.push(line);
    else {
      flush();
      pairs.push({ left: line, right: line });
    }
  }
  flush();
  for (const pair of pairs) for (const line of [pair.left, pair.right]) if (line) pairOfLine.set(line, pair);
  known.set(hunk, pairs);
  return pairs;
}
