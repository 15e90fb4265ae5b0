import type { CopyLines } from './copy-lines.ts';

/** Lines that are compared to find a place again: as many blank or equal ones in a row are rare. */
const sampleMax = 20;

/** Where lines were, in words that hold when the history is longer, has lost its oldest lines, or has another width. */
export interface Bookmark {
  cols: number;
  /** The first row of each line as it was written. */
  starts: readonly number[];
  /** The texts of some of these lines, from `sampleAt` on. */
  sample: readonly string[];
  sampleAt: number;
}

/** `screenRows` newest rows may still change: they are not looked at. */
export function bookmark(lines: CopyLines, screenRows: number): Bookmark {
  const starts = startsOf(lines);
  const settled = starts.findLastIndex((start) => start < lines.count - screenRows);
  const sampleAt = Math.max(0, settled + 1 - sampleMax);
  const sample = starts.slice(sampleAt, settled + 1).map((start) => wholeText(lines, start));
  return { cols: lines.cols, starts, sample, sampleAt };
}

/** Tells where a line that `before` knew is in `lines`. */
export function followLines(before: Bookmark, lines: CopyLines): (line: number) => number {
  const starts = startsOf(lines);
  const { sample, sampleAt } = before;
  const isAt = (index: number) =>
    sample.every((text, offset) => {
      const start = starts[index + offset];
      return start !== undefined && wholeText(lines, start) === text;
    });
  let lost = 0;
  while (lost <= sampleAt && !isAt(sampleAt - lost)) lost++;
  // Found nowhere: the program drew all of it anew.
  if (lost > sampleAt) lost = 0;
  return (line) => {
    const index = before.starts.findLastIndex((start) => start <= line);
    const cells = (line - (before.starts[index] ?? 0)) * before.cols;
    const start = starts[Math.max(0, index - lost)] ?? lines.count - 1;
    return Math.min(start + Math.floor(cells / lines.cols), lines.lastOf(start));
  };
}

function startsOf(lines: CopyLines): number[] {
  const starts: number[] = [];
  for (let line = 0; line < lines.count; line++) if (!lines.isWrapped(line)) starts.push(line);
  return starts;
}

function wholeText(lines: CopyLines, start: number): string {
  let text = '';
  for (let line = start; line <= lines.lastOf(start); line++) text += lines.text(line);
  return text.trimEnd();
}
