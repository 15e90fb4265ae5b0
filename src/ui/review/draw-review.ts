import { attribute, type CellBuffer } from '../../domain/cells.ts';
import type { DiffLine, FileDiff, Hunk, Side } from '../../domain/diff/file-diff.ts';
import { widthOf } from '../kit/fit-text.ts';
import { drawText, type Look, type Stretch } from '../screen/draw-text.ts';
import { overlapMarks } from '../theme.ts';
import { commentRows } from './comment-rows.ts';
import { drawLine, type LineInput } from './draw-line.ts';
import type { LinePair } from './pair-lines.ts';
import { commentIndent, leftCols } from './review-columns.ts';
import type { Looks } from './review-looks.ts';
import type { Row } from './review-rows.ts';
import type { ReviewView } from './review-view.ts';
import type { Syntax } from './syntax.ts';

/** How a file stands to what other runs change in it. */
export type FileStanding = 'conflict' | 'clean';

export interface Picture {
  view: ReviewView;
  syntax: Pick<Syntax, 'spansOf'>;
  standing: ReadonlyMap<string, FileStanding>;
  looks: Looks;
}

const changeLetters = { added: 'A', removed: 'D', modified: 'M', renamed: 'R', copied: 'C' } as const;

/** Draws the whole review: where one is, the list of files, and the rows that are in sight. */
export function drawReview(target: CellBuffer, picture: Picture): void {
  const { view, looks } = picture;
  const { listCols } = view;
  const x = listCols === 0 ? 0 : listCols + 1;
  drawPlace({ target, x: 0, y: 0, cols: target.cols }, picture);
  for (let y = 1; y < target.rows; y++) {
    if (listCols > 0) {
      drawListed({ target, x: 0, y, cols: listCols }, picture, y - 1);
      drawText({ target, x: listCols, y, cols: 1 }, '│', () => looks.quiet);
    }
    drawRow({ target, x, y, cols: target.cols - x }, picture, view.top + y - 1);
  }
}

/** `src/a.ts  file 2 of 7` and how far down that is. */
function drawPlace(stretch: Stretch, { view, looks }: Picture): void {
  const { file, files, row, rows, cursor, page } = view;
  const share = rows.length > page ? `${Math.round((cursor / Math.max(1, rows.length - 1)) * 100)} %` : 'all';
  const where = file ? `file ${(row?.file ?? 0) + 1} of ${files.length}` : '';
  const cut = view.isCut ? 'cut: it is longer' : '';
  const right = [cut, view.anchor === null ? '' : 'selecting', where, share].filter(Boolean).join('  ');
  drawText(stretch, file ? ` ${file.path}` : ' ', () => looks.plain);
  drawRight(stretch, [[` ${right} `, looks.quiet]]);
}

function drawRow(stretch: Stretch, picture: Picture, index: number): void {
  const { view, looks } = picture;
  const row = view.rows[index];
  const isCurrent = index === view.cursor;
  const mark = isCurrent ? '▌' : view.isSelected(index) ? '┃' : ' ';
  drawText({ ...stretch, cols: 1 }, mark, () => (isCurrent ? looks.accent : looks.attention));
  const content = { ...stretch, x: stretch.x + 1, cols: stretch.cols - 1 };
  if (!row) drawText(content, '', () => looks.plain);
  else drawContent(content, picture, row, isCurrent);
}

function drawContent(stretch: Stretch, picture: Picture, row: Row, isCurrent: boolean): void {
  const { view, looks } = picture;
  const file = view.files[row.file];
  if (row.kind === 'comment') drawComment(view.isSideBySide ? rightOf(stretch, picture) : stretch, picture, row);
  else if (!file) drawText(stretch, '', () => looks.plain);
  else if (row.kind === 'file') drawFile(stretch, picture, file, isCurrent);
  else if (row.kind === 'note') drawText(stretch, `    ${row.text}`, () => looks.quiet);
  else {
    const hunk = file.hunks[row.hunk] as Hunk;
    if (row.kind === 'hunk') drawText(stretch, hunkText(hunk), () => looks.hunk);
    else drawLines(stretch, picture, { file, hunk, left: row.left, right: row.right, part: row.part, isCurrent });
  }
}

function hunkText({ oldStart, oldCount, newStart, newCount, heading }: Hunk): string {
  return `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@ ${heading}`;
}

/** A text and how it looks. */
type Part = readonly [string, Look];

type Lines = LinePair & Pick<LineInput, 'hunk' | 'isCurrent'> & { file: FileDiff; part: number };

/** One line, or one beside the other. */
function drawLines(stretch: Stretch, { view, syntax, looks }: Picture, { left, right, part, ...place }: Lines): void {
  const draw = (on: Stretch, line: DiffLine | null, side: Side | null) => {
    const { digits, search } = view;
    const wrap = view.isWrapped ? { cols: view.textCols, part } : null;
    if (line) drawLine(on, { ...place, line, side, digits, search, syntax, wrap, looks, left: view.left });
    else drawText(on, '', () => looks.plain);
  };
  if (!view.isSideBySide) draw(stretch, right ?? left, null);
  else {
    draw(rightOf(stretch, { looks }), right, 'new');
    draw({ ...stretch, cols: leftCols(stretch.cols) }, left, 'old');
  }
}

/** The right one of two sides; the left one is blank so far, and between them is the border. */
function rightOf(stretch: Stretch, { looks }: Pick<Picture, 'looks'>): Stretch {
  const half = leftCols(stretch.cols);
  drawText({ ...stretch, cols: half }, '', () => looks.plain);
  drawText({ ...stretch, x: stretch.x + half, cols: 1 }, '│', () => looks.quiet);
  return { ...stretch, x: stretch.x + half + 1, cols: stretch.cols - half - 1 };
}

/** `▾ M src/a.ts` and, on the right, what others do there, comments and the count of lines. */
function drawFile(stretch: Stretch, picture: Picture, file: FileDiff, isCurrent: boolean): void {
  const { view, looks } = picture;
  const fold = view.isFolded(file) ? '▸' : '▾';
  const moved = file.oldPath === file.path ? '' : ` (from ${file.oldPath})`;
  const look = isCurrent ? { ...looks.file, attributes: attribute.bold | attribute.underline } : looks.file;
  const head = `${fold} ${changeLetters[file.change]} `;
  drawText(stretch, `${head}${file.path}${moved}`, (at) =>
    at < head.length ? looks.fileNote : at < head.length + file.path.length ? look : looks.fileNote,
  );
  drawRight(
    stretch,
    notesOf(file, picture, (name) => ({ ...looks[name], background: looks.file.background })),
  );
}

/** A file of the list beside the diff. */
function drawListed(stretch: Stretch, picture: Picture, y: number): void {
  const { view, looks } = picture;
  const file = view.files[view.listed(y)];
  if (!file) {
    drawText(stretch, '', () => looks.plain);
    return;
  }
  const isCurrent = file === view.file;
  const look = { ...looks.plain, attributes: isCurrent ? attribute.inverse : 0 };
  const right = notesOf(file, picture, (name) => (isCurrent ? look : { ...looks[name], background: 0 }));
  const room = stretch.cols - right.reduce((sum, [text]) => sum + widthOf(text), 0) - 4;
  drawText(stretch, ` ${changeLetters[file.change]} ${endOf(file.path, room)}`, () => look);
  drawRight(stretch, right);
}

type NoteLook = 'attention' | 'quiet' | 'comment' | 'fileNote' | 'addedCount' | 'removedCount';

/** What others do in a file, how many comments it has, and its count of lines. */
function notesOf(file: FileDiff, { view, standing }: Picture, lookOf: (name: NoteLook) => Look): Part[] {
  const stands = standing.get(file.path);
  const said = view.commentsOn(file).length;
  return [
    ...(stands
      ? [[` ${overlapMarks[stands].glyph}`, lookOf(stands === 'conflict' ? 'attention' : 'quiet')] as const]
      : []),
    ...(said > 0 ? [[` ✎${said}`, lookOf('comment')] as const] : []),
    ...(file.isBinary
      ? [[' binary ', lookOf('fileNote')] as const]
      : [
          [` +${file.added} `, lookOf(file.added > 0 ? 'addedCount' : 'fileNote')] as const,
          [`-${file.removed} `, lookOf(file.removed > 0 ? 'removedCount' : 'fileNote')] as const,
        ]),
  ];
}

/** A path that is too long shows its end: that tells files apart. */
function endOf(path: string, cols: number): string {
  return path.length <= cols ? path : `…${path.slice(-(Math.max(1, cols) - 1))}`;
}

function drawComment(stretch: Stretch, { view, looks }: Picture, { comment, line }: Row & { kind: 'comment' }): void {
  const text = commentRows(comment, view.commentCols)[line] ?? '';
  const isSent = comment.sentAt !== null;
  const head = isSent ? looks.sent : looks.commentHead;
  const look = isSent ? looks.sent : looks.comment;
  const indent = ' '.repeat(commentIndent - 4);
  drawText(stretch, `${indent}${line === 0 ? '✎' : '│'} ${text}`, () => (line === 0 ? head : look));
}

/** Parts at the right end, over what is there. */
function drawRight(stretch: Stretch, parts: readonly Part[]): void {
  const widths = parts.map(([text]) => widthOf(text));
  const all = widths.reduce((sum, width) => sum + width, 0);
  if (all > stretch.cols) return;
  let x = stretch.x + stretch.cols - all;
  for (const [index, [text, look]] of parts.entries()) {
    const cols = widths[index] ?? 0;
    drawText({ ...stretch, x, cols }, text, () => look);
    x += cols;
  }
}
