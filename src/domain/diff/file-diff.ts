/** A diff of git as data: files, their hunks, their lines. Texts are as git gave them: they may hold anything but a line feed. */
export interface FileDiff {
  /** The new path; of a file that is gone, the one that it had. */
  path: string;
  /** Where it was before; the same as `path` unless it was renamed or copied. */
  oldPath: string;
  change: 'added' | 'removed' | 'modified' | 'renamed' | 'copied';
  isBinary: boolean;
  /** As git writes it, such as `100644`; null: nothing is said of it. */
  oldMode: string | null;
  newMode: string | null;
  hunks: Hunk[];
  /** Lines. */
  added: number;
  removed: number;
}

export interface Hunk {
  /** What stands behind the second `@@`: the function that it is in. */
  heading: string;
  /** First line and number of lines, before and after. */
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
  lines: DiffLine[];
}

export interface DiffLine {
  kind: 'context' | 'added' | 'removed';
  text: string;
  /** Its number in the old file, from 1; null: it is not in that. */
  old: number | null;
  new: number | null;
  /** False for a last line that does not end. */
  hasNewline: boolean;
}

/** Which of the two files a line number counts in. */
export type Side = 'old' | 'new';

export function numberOn(line: DiffLine, side: Side): number | null {
  return side === 'old' ? line.old : line.new;
}
