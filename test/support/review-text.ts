import { CellBuffer } from '../../src/domain/cells.ts';
import { drawReview } from '../../src/ui/review/draw-review.ts';
import type { ReviewView } from '../../src/ui/review/review-view.ts';

/** The rows of a review as they are on the screen, without the blanks at their ends. */
export function reviewText(
  view: ReviewView,
  standing: Parameters<typeof drawReview>[1]['standing'] = new Map(),
): string[] {
  const cells = reviewCells(view, standing);
  return Array.from({ length: cells.rows }, (_, y) => cells.rowText(y));
}

export function reviewCells(
  view: ReviewView,
  standing: Parameters<typeof drawReview>[1]['standing'] = new Map(),
): CellBuffer {
  const cells = new CellBuffer(view.size.cols, view.size.rows);
  drawReview(cells, { view, syntax: { spansOf: () => null }, standing });
  return cells;
}
