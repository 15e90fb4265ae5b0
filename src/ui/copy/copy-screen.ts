import { attribute, type CellBuffer, paletteColour } from '../../domain/cells.ts';
import type { Cursor, ScreenModes } from '../../domain/screen-state.ts';
import type { Screen, ScrollbackScreen } from '../../ports/screen.ts';
import type { CopyLines } from './copy-lines.ts';
import { type CopyState, selectionOf } from './copy-mode.ts';
import { type Columns, columnsBetween, selectedColumns } from './copy-selection.ts';

/** Black on yellow; the one where the cursor was put is bold on cyan. Without colours they are underlined. */
const matchStyle = { background: paletteColour | 3, attributes: attribute.underline };
const currentStyle = { background: paletteColour | 6, attributes: attribute.underline | attribute.bold };
const matchForeground = paletteColour | 0;

export interface CopyPicture {
  history: ScrollbackScreen;
  lines: CopyLines;
  state: CopyState;
}

/** What copy mode shows, as a screen: lines of the history, with what is found and what is selected. */
export class CopyScreen implements Screen {
  readonly #picture: () => CopyPicture;
  readonly modes: ScreenModes;
  cols: number;
  rows: number;
  revision = 1;

  /** `live` has the modes of the program, which hold no longer: keys and mouse do not go there. */
  constructor(live: Screen, cols: number, rows: number, picture: () => CopyPicture) {
    this.#picture = picture;
    this.modes = { ...live.modes, mouse: 'none', synchronizedOutput: false };
    this.cols = cols;
    this.rows = rows;
  }

  get cursor(): Cursor {
    const { cursor, top } = this.#picture().state;
    return { x: cursor.column, y: cursor.line - top, isVisible: true, shape: 'block', isBlinking: false };
  }

  changed(): void {
    this.revision++;
  }

  rowRevision(): number {
    return this.revision;
  }

  write(_data: Uint8Array | string, done?: () => void): void {
    done?.();
  }

  resize(cols: number, rows: number): void {
    this.cols = cols;
    this.rows = rows;
    this.changed();
  }

  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow = 0): void {
    const { history, lines, state } = this.#picture();
    const rows = Math.min(height, this.rows - firstRow, target.rows - y);
    const columns = Math.min(width, this.cols, target.cols - x);
    for (let row = 0; row < rows; row++) {
      const start = (y + row) * target.cols + x;
      for (let column = 0; column < columns; column++) target.set(start + column, ' ', 1, 0, 0, 0);
      const line = state.top + firstRow + row;
      if (line >= lines.count) continue;
      history.blitLines(line, target, x, y + row, columns, 1);
      this.#mark(target, start, columns, line);
    }
  }

  #mark(target: CellBuffer, start: number, width: number, line: number): void {
    const { lines, state } = this.#picture();
    const { search } = state;
    for (const index of search === null ? [] : matchesOn(search.matches, line)) {
      const match = search?.matches[index];
      const columns = match && columnsBetween(lines, match.start, match.end, line);
      const { background, attributes } = index === search?.current ? currentStyle : matchStyle;
      each(columns, width, (column) => {
        target.foreground[start + column] = matchForeground;
        target.background[start + column] = background;
        target.attributes[start + column] = attributes;
      });
    }
    const selection = selectionOf(state);
    each(selection && selectedColumns(lines, selection, line), width, (column) => {
      target.attributes[start + column] = (target.attributes[start + column] ?? 0) ^ attribute.inverse;
    });
  }

  dispose(): void {}
}

function each(columns: Columns | null | undefined, width: number, act: (column: number) => void): void {
  if (!columns) return;
  for (let column = columns[0]; column < Math.min(columns[1], width); column++) act(column);
}

/** The indexes of the matches that touch `line`: they are in order, and no two overlap. */
function matchesOn(matches: readonly { start: { line: number }; end: { line: number } }[], line: number): number[] {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle]?.end.line ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let index = low; (matches[index]?.start.line ?? Number.POSITIVE_INFINITY) <= line; index++) found.push(index);
  return found;
}
