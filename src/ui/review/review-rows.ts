import type { DiffLine, FileDiff, Side } from '../../domain/diff/file-diff.ts';
import { fileOf, lastOf, type PlacedComment } from '../../domain/review/place-comments.ts';
import { pairLines } from './pair-lines.ts';

/** A row of the review, from top to bottom. `file` and `hunk` are places in the diff; -1: of a file that is not in it. */
export type Row =
  | { kind: 'file'; file: number }
  | { kind: 'note'; file: number; text: string }
  | { kind: 'hunk'; file: number; hunk: number }
  /** One above the other a row has one of the two, unless it is context; side by side it can have both. `part`: of a long line, from 0. */
  | { kind: 'line'; file: number; hunk: number; left: DiffLine | null; right: DiffLine | null; part: number }
  | { kind: 'comment'; file: number; comment: PlacedComment; line: number };

export interface RowInput {
  files: readonly FileDiff[];
  /** Each with how many rows it takes. */
  comments: readonly ShownComment[];
  /** Paths of files of which only the name is shown. */
  folded: ReadonlySet<string>;
  isSideBySide: boolean;
  /** How many rows a line takes. */
  rowsOf: (line: DiffLine) => number;
}

type ShownComment = PlacedComment & { rows: number };

export function reviewRows({ files, comments, folded, isSideBySide, rowsOf }: RowInput): Row[] {
  const rows: Row[] = [];
  const say = (file: number, said: readonly ShownComment[]) => {
    for (const comment of said)
      for (let line = 0; line < comment.rows; line++) rows.push({ kind: 'comment', file, comment, line });
  };
  const own = new Map<FileDiff | null, ShownComment[]>();
  for (const comment of comments) {
    const file = fileOf(comment, files);
    own.set(file, [...(own.get(file) ?? []), comment]);
  }
  say(-1, own.get(null) ?? []);
  for (const [index, file] of files.entries()) {
    rows.push({ kind: 'file', file: index });
    if (folded.has(file.path)) continue;
    const said = own.get(file) ?? [];
    for (const text of notesOf(file)) rows.push({ kind: 'note', file: index, text });
    say(
      index,
      said.filter(({ now }) => now === null),
    );
    const bySide = { old: byLastLine(said, 'old'), new: byLastLine(said, 'new') };
    for (const [at, hunk] of file.hunks.entries()) {
      rows.push({ kind: 'hunk', file: index, hunk: at });
      const pairs = isSideBySide ? pairLines(hunk) : hunk.lines.map(alone);
      for (const { left, right } of pairs) {
        const parts = Math.max(left ? rowsOf(left) : 1, right && right !== left ? rowsOf(right) : 1);
        for (let part = 0; part < parts; part++) rows.push({ kind: 'line', file: index, hunk: at, left, right, part });
        if (said.length === 0) continue;
        if (left?.old) say(index, bySide.old.get(left.old) ?? []);
        if (right?.new) say(index, bySide.new.get(right.new) ?? []);
      }
    }
  }
  return rows;
}

/** The line that a row of the diff is about: the new one, where it has both. */
export function lineOf(row: Row | undefined): DiffLine | null {
  return row?.kind === 'line' ? (row.right ?? row.left) : null;
}

function alone(line: DiffLine): { left: DiffLine | null; right: DiffLine | null } {
  return { left: line.kind === 'added' ? null : line, right: line.kind === 'removed' ? null : line };
}

function byLastLine(comments: readonly ShownComment[], side: Side): Map<number, ShownComment[]> {
  const found = comments.filter((comment) => comment.side === side && comment.now !== null);
  return Map.groupBy(found, lastOf);
}

/** What is to be known of a file beside its lines. */
function notesOf(file: FileDiff): string[] {
  const { change, isBinary, oldMode, newMode, oldPath, hunks } = file;
  const notes: string[] = [];
  if (change === 'renamed' || change === 'copied') notes.push(`${change} from ${oldPath}`);
  if (oldMode !== null && newMode !== null) notes.push(`mode ${oldMode} is now ${newMode}`);
  if (isBinary) notes.push('a binary file');
  else if (hunks.length === 0 && notes.length === 0) notes.push(change === 'added' ? 'a new, empty file' : 'empty');
  return notes;
}
