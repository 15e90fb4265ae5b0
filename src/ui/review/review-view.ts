import { Emitter } from '../../base/emitter.ts';
import type { FileDiff } from '../../domain/diff/file-diff.ts';
import { type Diff, parseDiff } from '../../domain/diff/parse-diff.ts';
import { fileOf, type PlacedComment, placeComments } from '../../domain/review/place-comments.ts';
import type { ReviewComment, ReviewPlace } from '../../domain/review/review-comment.ts';
import { commentRows } from './comment-rows.ts';
import { rowsOfLine } from './draw-line.ts';
import type { Search } from './find-text.ts';
import { placeOfRows } from './place-of-rows.ts';
import { commentCols, digitsOf, hasRoomForSides, listCols, textCols } from './review-columns.ts';
import { type Row, reviewRows } from './review-rows.ts';
import { markRow } from './row-mark.ts';

/** Rows that are seen before the cursor comes to the edge that it goes to. */
const marginRows = 3;
/** Columns by which a long line is moved at once. */
const sidewaysCols = 16;

/** What a review shows and where one is in it. No terminal, no React, no supervisor. */
export class ReviewView {
  readonly changes = new Emitter<void>();
  #diff: Diff = { files: [], isCut: false };
  #comments: PlacedComment[] = [];
  #rows: Row[] = [];
  readonly #folded: Set<string>;
  #digits = 0;
  #wantsSides = false;
  #isWrapped = false;
  #size = { cols: 80, rows: 20 };
  cursor = 0;
  top = 0;
  /** Columns of the lines that are out of sight on the left. */
  left = 0;
  /** The other end of what is selected; null: nothing is. */
  anchor: number | null = null;
  search: Search | null = null;

  /** `folded`: paths of files, kept by whoever opens the review again. */
  constructor(folded = new Set<string>()) {
    this.#folded = folded;
  }

  get files(): readonly FileDiff[] {
    return this.#diff.files;
  }

  get isCut(): boolean {
    return this.#diff.isCut;
  }

  get comments(): readonly PlacedComment[] {
    return this.#comments;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  get size(): { cols: number; rows: number } {
    return this.#size;
  }

  get hasRoomForSides(): boolean {
    return hasRoomForSides(this.#size.cols);
  }

  get isSideBySide(): boolean {
    return this.#wantsSides && this.hasRoomForSides;
  }

  /** Columns of the list of files; 0: there is none. */
  get listCols(): number {
    return listCols(this.#size.cols, this.isSideBySide, this.files.length);
  }

  /** Long lines are broken. */
  get isWrapped(): boolean {
    return this.#isWrapped;
  }

  /** Columns for the text of a line. */
  get textCols(): number {
    const cols = this.#size.cols - (this.listCols === 0 ? 0 : this.listCols + 1);
    return textCols(cols, this.#digits, this.isSideBySide);
  }

  /** The file in that row of the list: the one that one is in stays in sight. */
  listed(y: number): number {
    const height = this.page;
    const first = Math.min((this.row?.file ?? 0) - Math.floor(height / 2), this.files.length - height);
    return Math.max(0, first) + y;
  }

  /** Columns for the text of a comment. */
  get commentCols(): number {
    return commentCols(this.#size.cols - this.listCols, this.isSideBySide);
  }

  /** Rows of the diff that are seen: the first row of the screen says where one is. */
  get page(): number {
    return Math.max(1, this.#size.rows - 1);
  }

  get row(): Row | undefined {
    return this.#rows[this.cursor];
  }

  get file(): FileDiff | null {
    return this.files[this.row?.file ?? -1] ?? null;
  }

  get comment(): PlacedComment | null {
    return this.row?.kind === 'comment' ? this.row.comment : null;
  }

  /** Digits of the largest number of a line. */
  get digits(): number {
    return this.#digits;
  }

  commentsOn(file: FileDiff): PlacedComment[] {
    return this.#comments.filter((comment) => fileOf(comment, this.files) === file);
  }

  isFolded(file: FileDiff): boolean {
    return this.#folded.has(file.path);
  }

  /** The cursor stays with its line, if that is still there. */
  setDiff(text: string): void {
    this.#keepPlace(() => {
      this.#diff = parseDiff(text);
      this.#digits = digitsOf(this.files);
      this.#comments = placeComments(this.#comments, this.files);
    });
  }

  setComments(comments: readonly ReviewComment[]): void {
    this.#keepPlace(() => {
      this.#comments = placeComments(comments, this.files);
    });
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#size.cols && rows === this.#size.rows) return;
    this.#keepPlace(() => {
      this.#size = { cols, rows };
    });
  }

  toggleSides(): void {
    this.#keepPlace(() => {
      this.#wantsSides = !this.#wantsSides;
    });
  }

  toggleWrap(): void {
    this.left = 0;
    this.#keepPlace(() => {
      this.#isWrapped = !this.#isWrapped;
    });
  }

  toggleFold(file: FileDiff | null = this.file): void {
    if (!file) return;
    this.goTo(this.#rows.findIndex((row) => row.kind === 'file' && this.files[row.file] === file));
    this.#keepPlace(() => {
      if (!this.#folded.delete(file.path)) this.#folded.add(file.path);
    });
  }

  /** Folds all files, or none where all are folded. */
  toggleFolds(): void {
    const { file } = this;
    const isAll = this.files.every((each) => this.#folded.has(each.path));
    this.goTo(this.#rows.findIndex((row) => row.kind === 'file' && this.files[row.file] === file));
    this.#keepPlace(() => {
      for (const { path } of this.files) {
        if (isAll) this.#folded.delete(path);
        else this.#folded.add(path);
      }
    });
  }

  move(rows: number): void {
    this.goTo(Math.min(this.#rows.length - 1, Math.max(0, this.cursor + rows)));
  }

  /** `isOnTop`: and what follows it is seen. */
  goTo(row: number, isOnTop = false): void {
    if (row < 0 || row >= this.#rows.length) return;
    const isDown = row >= this.cursor;
    this.cursor = row;
    if (isOnTop) this.top = Math.min(this.#lastTop(), row);
    else this.#keepInSight(isDown ? { below: marginRows } : { above: marginRows });
    this.changes.emit();
  }

  /** Without the cursor, unless it would be out of sight. */
  scroll(rows: number): void {
    this.top = Math.min(this.#lastTop(), Math.max(0, this.top + rows));
    this.cursor = Math.min(this.top + this.page - 1, Math.max(this.top, this.cursor), this.#rows.length - 1);
    this.changes.emit();
  }

  sideways(steps: number): void {
    this.left = this.#isWrapped ? 0 : Math.max(0, this.left + steps * sidewaysCols);
    this.changes.emit();
  }

  /** To the next row of that kind, or the one before (-1). A file is gone to with its name on top. */
  goToNext(kind: 'file' | 'hunk' | 'comment', step: 1 | -1): void {
    const isMeant = (row: Row | undefined) => row?.kind === kind && (row.kind !== 'comment' || row.line === 0);
    for (let at = this.cursor + step; at >= 0 && at < this.#rows.length; at += step) {
      if (!isMeant(this.#rows[at])) continue;
      this.goTo(at, kind === 'file');
      return;
    }
  }

  goToFile(file: number): void {
    this.goTo(
      this.#rows.findIndex((each) => each.kind === 'file' && each.file === file),
      true,
    );
  }

  toggleSelection(): void {
    this.anchor = this.anchor === null ? this.cursor : null;
    this.changes.emit();
  }

  /** What `esc` ends first. False: nothing was there to be ended. */
  letGo(): boolean {
    if (this.anchor === null && this.search === null) return false;
    if (this.anchor !== null) this.anchor = null;
    else this.search = null;
    this.changes.emit();
    return true;
  }

  isSelected(row: number): boolean {
    if (this.anchor === null) return false;
    return row >= Math.min(this.anchor, this.cursor) && row <= Math.max(this.anchor, this.cursor);
  }

  /** The lines under the cursor, or that are selected; otherwise why there can be no comment on them. */
  place(): ReviewPlace | string {
    const ends = [this.anchor ?? this.cursor, this.cursor].sort((a, b) => a - b) as [number, number];
    return placeOfRows(this.#rows.slice(ends[0], ends[1] + 1), this.files);
  }

  /** Does what changes the rows, and goes back to the row that was under the cursor, at the same height. */
  #keepPlace(change: () => void): void {
    const find = markRow(this.row, this.files);
    const findAnchor = this.anchor === null ? null : markRow(this.#rows[this.anchor], this.files);
    const height = this.cursor - this.top;
    change();
    const cols = this.textCols;
    this.#rows = reviewRows({
      files: this.files,
      comments: this.#comments.map((comment) => ({ ...comment, rows: commentRows(comment, this.commentCols).length })),
      folded: this.#folded,
      isSideBySide: this.isSideBySide,
      rowsOf: this.#isWrapped ? (line) => rowsOfLine(line, cols) : () => 1,
    });
    const found = find(this.#rows, this.files);
    this.cursor = Math.max(0, found >= 0 ? found : Math.min(this.cursor, this.#rows.length - 1));
    const anchor = findAnchor?.(this.#rows, this.files) ?? -1;
    this.anchor = anchor >= 0 ? anchor : null;
    this.top = Math.max(0, this.cursor - height);
    this.#keepInSight({});
    this.changes.emit();
  }

  /** Rows that are to be seen above and below the cursor, where there are so many. */
  #keepInSight({ above = 0, below = 0 }): void {
    const most = Math.floor((this.page - 1) / 2);
    const highest = this.cursor - this.page + 1 + Math.min(below, most);
    const lowest = this.cursor - Math.min(above, most);
    this.top = Math.min(this.#lastTop(), Math.max(0, highest, Math.min(this.top, lowest)));
  }

  #lastTop(): number {
    return Math.max(0, this.#rows.length - this.page);
  }
}
