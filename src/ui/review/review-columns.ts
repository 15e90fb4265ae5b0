import type { FileDiff, Side } from '../../domain/diff/file-diff.ts';

/** Narrower, two sides do not fit beside each other. */
const sidesColsMin = 120;
/** Narrower, there is no list of files beside the diff; two sides need more. */
const listNeeds = { one: 100, two: 160 } as const;
const listWidth = { min: 28, max: 44 } as const;
/** The text of comments is no wider than this: it is read, not scanned. */
const commentColsMax = 100;
const commentColsMin = 10;
const textColsMin = 8;
/** Columns before the text of a comment. */
export const commentIndent = 6;
/** Narrower, the numbers would jump from file to file. */
const digitsMin = 3;

export function hasRoomForSides(cols: number): boolean {
  return cols >= sidesColsMin;
}

/** Columns of the list of files; 0: there is none. */
export function listCols(cols: number, isSideBySide: boolean, files: number): number {
  if (cols < listNeeds[isSideBySide ? 'two' : 'one'] || files < 2) return 0;
  return Math.min(listWidth.max, Math.max(listWidth.min, Math.floor(cols / 4)));
}

/** Columns for the text of a comment, of those that the diff has: of two sides it is on the right one. */
export function commentCols(cols: number, isSideBySide: boolean): number {
  const all = isSideBySide ? leftCols(cols - 2) : cols;
  return Math.max(commentColsMin, Math.min(commentColsMax, all - commentIndent - 1));
}

/** Columns before the text of a line: numbers, sign and blanks. `side`: whose number stands there; null: both. */
export function gutterCols(digits: number, side: Side | null): number {
  return (side === null ? 2 * (digits + 1) : digits + 1) + 2;
}

/** Columns of the left one of two sides, of those that both have. */
export function leftCols(cols: number): number {
  return Math.floor((cols - 1) / 2);
}

/** Columns for the text of a line, of those that the diff has; the first one is for the cursor. */
export function textCols(cols: number, digits: number, isSideBySide: boolean): number {
  const all = isSideBySide ? leftCols(cols - 1) - gutterCols(digits, 'old') : cols - 1 - gutterCols(digits, null);
  return Math.max(textColsMin, all);
}

/** Digits of the largest number of a line. */
export function digitsOf(files: readonly FileDiff[]): number {
  const last = files
    .flatMap(({ hunks }) => hunks)
    .reduce((most, hunk) => Math.max(most, hunk.oldStart + hunk.oldCount, hunk.newStart + hunk.newCount), 0);
  return Math.max(digitsMin, String(last).length);
}
