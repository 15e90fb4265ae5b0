import type { CopyLines, Position } from './copy-lines.ts';

/** Where the cursor goes from `from`. The view is `rows` lines from `top` on. */
type Motion = (lines: CopyLines, from: Position, view: { top: number; rows: number }) => Position;

const left: Motion = (lines, from) => {
  const step = lines.before(from);
  return step && !step.isNewLine ? step.position : from;
};

const right: Motion = (lines, from) => {
  const step = lines.after(from);
  return step && !step.isNewLine ? step.position : from;
};

/** To the beginning of the next word; an empty line counts as one. */
const nextWord: Motion = (lines, from) => {
  let at = from;
  let kind = lines.wordKind(at);
  for (let step = lines.after(at); step !== null; step = lines.after(at)) {
    const next = lines.wordKind(step.position);
    at = step.position;
    if (step.isNewLine && lines.isBlank(at.line)) return at;
    if (next !== 'blank' && (step.isNewLine || next !== kind)) return at;
    kind = next;
  }
  return at;
};

const previousWord: Motion = (lines, from) => {
  let step = lines.before(from);
  while (step !== null && lines.wordKind(step.position) === 'blank') {
    if (lines.isBlank(step.position.line)) return { line: step.position.line, column: 0 };
    step = lines.before(step.position);
  }
  return step === null ? { line: 0, column: 0 } : wordStart(lines, step.position);
};

const endOfWord: Motion = (lines, from) => {
  let step = lines.after(from);
  while (step !== null && lines.wordKind(step.position) === 'blank') step = lines.after(step.position);
  return step === null
    ? { line: lines.count - 1, column: lines.lastColumn(lines.count - 1) }
    : wordEnd(lines, step.position);
};

/** The first character of the word, or run of blanks, at `from`. */
export function wordStart(lines: CopyLines, from: Position): Position {
  const kind = lines.wordKind(from);
  let at = from;
  for (let step = lines.before(at); step !== null && !step.isNewLine; step = lines.before(at)) {
    if (lines.wordKind(step.position) !== kind) break;
    at = step.position;
  }
  return at;
}

export function wordEnd(lines: CopyLines, from: Position): Position {
  const kind = lines.wordKind(from);
  let at = from;
  for (let step = lines.after(at); step !== null && !step.isNewLine; step = lines.after(at)) {
    if (lines.wordKind(step.position) !== kind) break;
    at = step.position;
  }
  return at;
}

/** To the empty line above or below the paragraph. */
function paragraph(step: 1 | -1): Motion {
  return (lines, from) => {
    const isInside = (line: number) => line >= 0 && line < lines.count;
    let line = from.line;
    while (isInside(line) && lines.isBlank(line)) line += step;
    while (isInside(line) && !lines.isBlank(line)) line += step;
    const last = { line: lines.count - 1, column: lines.lastColumn(lines.count - 1) };
    if (isInside(line)) return { line, column: 0 };
    return step < 0 ? { line: 0, column: 0 } : last;
  };
}

/** To the line that is shown at `part` of the view: 0 the first, 1 the last. */
function inView(part: number): Motion {
  return (lines, _from, { top, rows }) => {
    const line = Math.min(lines.count - 1, top + Math.floor((rows - 1) * part));
    return { line, column: lines.firstColumn(line) };
  };
}

export type MotionName =
  | 'left'
  | 'right'
  | 'nextWord'
  | 'previousWord'
  | 'endOfWord'
  | 'lineStart'
  | 'lineText'
  | 'lineEnd'
  | 'oldest'
  | 'newest'
  | 'viewTop'
  | 'viewMiddle'
  | 'viewBottom'
  | 'previousParagraph'
  | 'nextParagraph';

/** Lines that were written as one are one line to the motions along a line. */
export const motions: Readonly<Record<MotionName, Motion>> = {
  left,
  right,
  nextWord,
  previousWord,
  endOfWord,
  lineStart: (lines, { line }) => ({ line: lines.firstOf(line), column: 0 }),
  lineText: (lines, { line }) => ({ line: lines.firstOf(line), column: lines.firstColumn(lines.firstOf(line)) }),
  lineEnd: (lines, { line }) => ({ line: lines.lastOf(line), column: lines.lastColumn(lines.lastOf(line)) }),
  oldest: () => ({ line: 0, column: 0 }),
  newest: (lines) => ({ line: lines.count - 1, column: 0 }),
  viewTop: inView(0),
  viewMiddle: inView(0.5),
  viewBottom: inView(1),
  previousParagraph: paragraph(-1),
  nextParagraph: paragraph(1),
};
