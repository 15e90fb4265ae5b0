import { type CellBuffer, type CellExtra, sameExtra } from '../../domain/cells.ts';

export interface CellRun {
  text: string;
  /** Of its first cell, from 0. */
  column: number;
  foreground: number;
  background: number;
  attributes: number;
  underlineColour: number;
  /** Where a link leads. */
  link: string | null;
}

/** A row as runs of cells that look alike. */
export function cellRuns(cells: CellBuffer, y: number): CellRun[] {
  const runs: CellRun[] = [];
  let before: CellExtra | null = null;
  for (let column = 0; column < cells.cols; column++) {
    const at = y * cells.cols + column;
    const text = cells.text[at] ?? ' ';
    const extra = cells.extra[at] ?? null;
    const look = {
      foreground: cells.foreground[at] ?? 0,
      background: cells.background[at] ?? 0,
      attributes: cells.attributes[at] ?? 0,
    };
    const last = runs.at(-1);
    const isAlike =
      last?.foreground === look.foreground &&
      last.background === look.background &&
      last.attributes === look.attributes &&
      sameExtra(before, extra);
    before = extra;
    if (last && (isAlike || text === '')) last.text += text;
    else {
      const { underlineColour = 0, link = null } = extra ?? {};
      runs.push({ text, column, ...look, underlineColour, link: link?.uri ?? null });
    }
  }
  return runs;
}
