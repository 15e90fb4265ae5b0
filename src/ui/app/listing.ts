import type { Column, Line, Place, Source, View } from './view.ts';

/** What a list shows now. */
export interface Listing {
  /** What the filter lets through, in the order in which it stands there. */
  lines: readonly Line[];
  /** Index of the selected line; -1 when there is none. */
  cursor: number;
  /** How many lines there are without the filter. */
  total: number;
}

/** Remembers what is costly: a key that only moves the selection makes no line anew. */
export class Listings {
  #made: { view: View; source: Source; lines: readonly Line[] | null } | null = null;
  #shown: { from: readonly Line[]; filter: string; sort: number; lines: readonly Line[] } | null = null;

  /** Null: what it shows has not come yet. */
  of(view: View, source: Source, place: Place): Listing | null {
    if (this.#made?.view !== view || !sameSource(this.#made.source, source))
      this.#made = { view, source, lines: view.lines(source) };
    const from = this.#made.lines;
    if (from === null) return null;
    const { filter, sort } = place;
    if (this.#shown?.from !== from || this.#shown.filter !== filter || this.#shown.sort !== sort)
      this.#shown = { from, filter, sort, lines: ordered(view, filtered(from, filter), sort) };
    const { lines } = this.#shown;
    return { lines, cursor: cursorIn(lines, place), total: from.length };
  }
}

/** The columns that the key for sorting goes through. */
export function sortedBy(view: View, sort: number): Column | null {
  return view.columns.filter((column) => column.isSorted)[sort - 1] ?? null;
}

/** Every word must be in the line, wherever; a mark is one, too. */
function filtered(lines: readonly Line[], filter: string): readonly Line[] {
  const words = fold(filter).split(/\s+/).filter(Boolean);
  if (words.length === 0) return lines;
  return lines.filter((line) => {
    const text = fold(line.cells.map(({ lead, text }) => (lead?.text ?? '') + text).join(' '));
    return words.every((word) => text.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** By group, and in each by the column; equals stay as they were. */
function ordered(view: View, lines: readonly Line[], sort: number): readonly Line[] {
  const column = view.columns.indexOf(sortedBy(view, sort) as Column);
  const { groups } = view;
  if (column < 0 && !groups) return lines;
  const place = new Map(groups?.map(({ id }, index) => [id, index]));
  const groupOf = (line: Line) => place.get(line.group ?? '') ?? 0;
  return lines.toSorted((a, b) => groupOf(a) - groupOf(b) || (column < 0 ? 0 : compared(a, b, column)));
}

function compared(a: Line, b: Line, column: number): number {
  const [one, other] = [a.cells[column], b.cells[column]];
  if (one?.rank !== undefined || other?.rank !== undefined)
    return (other?.rank ?? Number.NEGATIVE_INFINITY) - (one?.rank ?? Number.NEGATIVE_INFINITY) || 0;
  return collator.compare(one?.text ?? '', other?.text ?? '');
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function cursorIn(lines: readonly Line[], { selected, index }: Place): number {
  // Most often it is where it was.
  if (lines[index]?.key === selected) return index;
  const found = lines.findIndex((line) => line.key === selected);
  return found >= 0 ? found : Math.min(index, lines.length - 1);
}

function sameSource(a: Source, b: Source): boolean {
  const { views, ...rest } = a;
  const isSame = (Object.keys(rest) as (keyof typeof rest)[]).every((key) => a[key] === b[key]);
  return isSame && views.length === b.views.length && views.every((view, index) => view === b.views[index]);
}
