/** A narrower column of cards shows too little of a title: those that do not fit wait beside the screen. */
const fullCols = 20;
/** Beside the title of an empty one: its 0, a blank on each side of both, and the border. */
const emptyMoreCols = 5;

/** The columns of a board that are shown: from `first` on, with their widths, which fill `cols`. */
export interface BoardWidths {
  first: number;
  widths: number[];
}

/** `count`: how many cards it has. Those around `selected` are shown; what is left over goes to those with cards. */
export function boardWidths(
  columns: readonly { title: string; count: number }[],
  selected: number,
  cols: number,
): BoardWidths {
  const least = columns.map(({ title, count }) => (count === 0 ? title.length + emptyMoreCols : fullCols));
  let first = Math.max(0, selected);
  let end = first + 1;
  let left = cols - (least[first] ?? 0);
  for (;;) {
    const after = least[end] ?? Number.POSITIVE_INFINITY;
    const before = least[first - 1] ?? Number.POSITIVE_INFINITY;
    if (after <= left) {
      left -= after;
      end++;
    } else if (before <= left) {
      left -= before;
      first--;
    } else break;
  }
  const widths = least.slice(first, end);
  const hasCards = columns.slice(first, end).map(({ count }) => count > 0);
  const isGrowing = (index: number) => hasCards[index] || !hasCards.includes(true);
  let growing = widths.filter((_, index) => isGrowing(index)).length;
  for (const index of widths.keys()) {
    if (!isGrowing(index)) continue;
    const more = Math.floor(left / growing--);
    widths[index] = (widths[index] ?? 0) + more;
    left -= more;
  }
  return { first, widths };
}
