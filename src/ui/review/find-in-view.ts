import { findLine, searchFor } from './find-text.ts';
import { lineOf, type Row } from './review-rows.ts';
import type { ReviewView } from './review-view.ts';

/** Goes to the first place from the cursor on. False: it stands nowhere. */
export function findInView(view: ReviewView, text: string): boolean {
  view.search = text === '' ? null : searchFor(text);
  if (view.search) return goToFound(view, 1, true);
  view.changes.emit();
  return true;
}

/** To the next place, or the one before (-1). */
export function findNextInView(view: ReviewView, step: 1 | -1): boolean {
  return goToFound(view, step, false);
}

function goToFound(view: ReviewView, step: 1 | -1, isHereMeant: boolean): boolean {
  const isOn = lineOf(view.row) !== null;
  const here = lineOf(view.row) ?? view.file?.hunks[0]?.lines[0] ?? null;
  const found = view.search && findLine(view.files, view.search, { here, step, isHereMeant: isHereMeant || !isOn });
  if (!found) return false;
  if (view.isFolded(found.file)) view.toggleFold(found.file);
  const isFound = (row: Row) => row.kind === 'line' && (row.left === found.line || row.right === found.line);
  view.goTo(view.rows.findIndex(isFound));
  return true;
}
