import type { FileDiff } from '../../domain/diff/file-diff.ts';
import { lineOf, type Row } from './review-rows.ts';

/**
 * Knows a row again among rows that were made anew, also of another diff; or the name of its file, when the row is gone. Gives its
 * place; -1: neither is there.
 */
export function markRow(row: Row | undefined, files: readonly FileDiff[]) {
  const path = files[row?.file ?? -1]?.path;
  const line = lineOf(row);
  return (rows: readonly Row[], now: readonly FileDiff[]): number => {
    const isOf = (other: Row) => now[other.file]?.path === path;
    const same = rows.findIndex((other) => {
      if (row?.kind === 'comment')
        return other.kind === 'comment' && other.comment.id === row.comment.id && other.line === row.line;
      if (!isOf(other) || other.kind !== row?.kind) return false;
      if (other.kind === 'line') return line?.new ? other.right?.new === line.new : other.left?.old === line?.old;
      return other.kind !== 'hunk' || (row.kind === 'hunk' && other.hunk === row.hunk);
    });
    return same >= 0 ? same : rows.findIndex((other) => other.kind === 'file' && isOf(other));
  };
}
