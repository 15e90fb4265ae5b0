/** Lines of a file, both ends included; a place where lines were taken out has the line before it. */
export type Lines = readonly [from: number, to: number];

/** A file that two works both changed. */
export interface SharedFile {
  path: string;
  /** The changes cannot both be kept without somebody who decides. */
  conflicts: boolean;
  /** Which lines each of the two has changed, in its own file. */
  lines: readonly [Lines[], Lines[]];
}

/** Two works that touch the same files. A work is a run by its id, `you` in the main checkout, or the branch that all is for. */
export interface Overlap {
  between: readonly [string, string];
  files: readonly SharedFile[];
  /** Null: git could not say it, as one before 2.38. */
  conflicts: boolean | null;
}

/** A work in the order of merging. */
export interface MergeStep {
  run: string;
  /** Null: it merges cleanly after those before it. Otherwise in which files it does not, and with what of those. */
  conflicts: { files: readonly string[]; with: readonly string[] } | null;
}

/** Who touches what while agents work. */
export interface RadarView {
  overlaps: readonly Overlap[];
  /** Of the runs that touch what others touch; all others can be merged at any time. */
  order: readonly MergeStep[];
}

export const nothingInSight: RadarView = { overlaps: [], order: [] };

/** The main checkout, with what a person has not committed there. */
export const you = 'you';

/** Who shares a file with whom, each pair once, by the files of each. */
export function sharing(files: ReadonlyMap<string, readonly string[]>): [string, string][] {
  const names = [...files.keys()];
  const touchedBy = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    for (const path of new Set(files.get(name))) touchedBy.set(path, [...(touchedBy.get(path) ?? []), index]);
  }
  const pairs = new Set<number>();
  for (const touching of touchedBy.values()) {
    for (const [at, a] of touching.entries()) for (const b of touching.slice(at + 1)) pairs.add(a * names.length + b);
  }
  return [...pairs]
    .sort((a, b) => a - b)
    .map((pair) => [names[Math.floor(pair / names.length)], names[pair % names.length]]) as [string, string][];
}

/**
 * An order in which as many as possible merge without a conflict: those first that stand against the fewest of the others,
 * and of these the one that comes first in `runs`. What conflicts with something earlier comes last.
 */
export function mergeOrder(runs: readonly string[], conflicts: readonly (readonly [string, string])[]): string[] {
  const against = new Map(runs.map((run) => [run, new Set<string>()]));
  for (const [a, b] of conflicts) {
    if (!against.has(a) || !against.has(b)) continue;
    against.get(a)?.add(b);
    against.get(b)?.add(a);
  }
  const [order, left] = [[] as string[], new Set(runs)];
  const late: string[] = [];
  while (left.size > 0) {
    const standing = (run: string) => [...(against.get(run) ?? [])].filter((other) => left.has(other)).length;
    const next = [...left].reduce((best, run) => (standing(run) < standing(best) ? run : best));
    order.push(next);
    left.delete(next);
    for (const other of against.get(next) ?? []) if (left.delete(other)) late.push(other);
  }
  return [...order, ...late];
}
