import { counted } from '../../base/counted.ts';
import { plainText } from '../../base/text.ts';
import { type DiffLine, type FileDiff, type Hunk, numberOn, type Side } from '../../domain/diff/file-diff.ts';
import { commentRows } from '../review/comment-rows.ts';
import type { FileStanding } from '../review/draw-review.ts';
import type { ReviewView } from '../review/review-view.ts';

type Standing = ReadonlyMap<string, FileStanding>;

/** Row `index` of a review, as it is read out: what it is and where, then what it says. */
export function reviewWords(view: ReviewView, index: number, standing: Standing): string {
  const selected = view.isSelected(index) ? 'for the comment, ' : '';
  return plainText(`${selected}${rowWords(view, index, standing)}`);
}

function rowWords(view: ReviewView, index: number, standing: Standing): string {
  const row = view.rows[index];
  const file = view.files[row?.file ?? -1];
  if (row?.kind === 'comment') {
    const text = commentRows(row.comment, view.commentCols)[row.line] ?? '';
    return row.line === 0 ? `comment by ${text}` : `comment: ${text}`;
  }
  if (!row || !file) return '';
  if (row.kind === 'note') return row.text;
  if (row.kind === 'file') return `file ${row.file + 1} of ${view.files.length}, ${fileWords(view, file, standing)}`;
  if (row.kind === 'hunk') return hunkWords(file, row.hunk);
  const { left, right, part } = row;
  if (part > 0) return 'the line goes on';
  if (left && right && left !== right) return `${lineWords(left)}; ${lineWords(right)}`;
  const line = right ?? left;
  return line ? lineWords(line) : '';
}

const changes = { added: 'new', removed: 'gone', modified: 'changed', renamed: 'renamed', copied: 'copied' } as const;
const standings = { conflict: 'another run conflicts', clean: 'another run changes it too' } as const;

function fileWords(view: ReviewView, file: FileDiff, standing: Standing): string {
  const { path, oldPath, change, isBinary, added, removed } = file;
  const comments = view.commentsOn(file).length;
  const stands = standing.get(path);
  return [
    `${path}, ${changes[change]}${oldPath === path ? '' : ` from ${oldPath}`}`,
    isBinary ? 'binary' : `${counted(added, 'line')} added, ${removed} removed`,
    comments > 0 && counted(comments, 'comment'),
    stands && standings[stands],
    view.isFolded(file) && 'folded',
  ]
    .filter(Boolean)
    .join(', ');
}

function hunkWords({ path, hunks }: FileDiff, index: number): string {
  const { newStart, heading } = hunks[index] as Hunk;
  const where = heading === '' ? '' : `, in ${heading}`;
  return `change ${index + 1} of ${hunks.length} in ${path}, from line ${newStart}${where}`;
}

function lineWords(line: DiffLine): string {
  const { kind, text, hasNewline } = line;
  const side: Side = kind === 'removed' ? 'old' : 'new';
  const number = `line ${numberOn(line, side)}`;
  const place = kind === 'context' ? number : kind === 'added' ? `added, ${number}` : `removed, ${number} before`;
  return `${place}: ${text.trim() === '' ? 'empty' : text}${hasNewline ? '' : ', without an end'}`;
}
