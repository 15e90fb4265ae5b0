import type { CellBuffer } from '../../domain/cells.ts';
import { sameCell } from './cell-area.ts';

/** Rows `top` to `bottom` of the terminal, of which most are wanted `by` rows higher up; negative: further down. */
export interface Scroll {
  top: number;
  bottom: number;
  by: number;
}

/** Fewer rows that need not be drawn are not worth moving others. */
const gainMin = 4;
/** Ways to scroll that are looked at: text that repeats itself fits in many. */
const looksMax = 8;

/** How the terminal, which shows `front`, should scroll before those `rows` of `next` are drawn; null: not at all. */
export function findScroll(front: CellBuffer, next: CellBuffer, rows: readonly number[]): Scroll | null {
  if (rows.length < gainMin) return null;
  const changed = rows.filter((y) => !sameRow(front, y, next, y));
  if (changed.length < gainMin) return null;
  const third = Math.ceil(changed.length / 3);
  // One of these three is new only if most are.
  for (const start of [third, 0, 2 * third]) {
    const probe = longestRow(next, changed.slice(start, start + third));
    const scroll = probe === null ? null : bestScroll(front, next, changed, probe);
    if (scroll !== null) return scroll;
  }
  return null;
}

/** The one that leaves the least to be drawn, of those that bring the probe where it is wanted. */
function bestScroll(front: CellBuffer, next: CellBuffer, changed: readonly number[], probe: number): Scroll | null {
  const [first, last] = [changed[0], changed[changed.length - 1]];
  let best: Scroll | null = null;
  let bestGain = gainMin - 1;
  let looks = 0;
  for (let distance = 1; distance <= last - first && looks < looksMax; distance++) {
    for (const by of [distance, -distance]) {
      const from = probe + by;
      if (from < first || from > last || !sameRow(front, from, next, probe)) continue;
      looks++;
      const scroll = widest(front, next, { first, last, probe, by });
      const gain = gainOf(front, next, scroll);
      if (gain > bestGain) [best, bestGain] = [scroll, gain];
    }
    // Nothing can be much better.
    if (bestGain > changed.length / 2) break;
  }
  return best;
}

/** Whether the row is one that `findScroll` has seen to be as wanted once the terminal has scrolled. */
export function isKept({ top, bottom, by }: Scroll, y: number): boolean {
  return by > 0 ? y >= top && y + by <= bottom : y + by >= top && y <= bottom;
}

/** Moves what the terminal shows, as it does itself: the rows that come in are blank. */
export function scrollRows(buffer: CellBuffer, { top, bottom, by }: Scroll): void {
  const { cols } = buffer;
  const [start, end] = [top * cols, (bottom + 1) * cols];
  const moved = Math.abs(by) * cols;
  const [to, from, until] = by > 0 ? [start, start + moved, end] : [start + moved, start, end - moved];
  const [blankStart, blankEnd] = by > 0 ? [end - moved, end] : [start, start + moved];
  const { text, width, foreground, background, attributes, extra } = buffer;
  for (const cells of [width, foreground, background, attributes]) cells.copyWithin(to, from, until);
  moveItems(text, to, from, until);
  moveItems(extra, to, from, until);
  text.fill(' ', blankStart, blankEnd);
  width.fill(1, blankStart, blankEnd);
  for (const cells of [foreground, background, attributes]) cells.fill(0, blankStart, blankEnd);
  extra.fill(null, blankStart, blankEnd);
}

/** As `copyWithin`, which takes twenty times as long for an ordinary array. */
function moveItems<T>(items: T[], to: number, from: number, until: number): void {
  if (to < from) for (let at = from; at < until; at++) items[to + at - from] = items[at];
  else for (let at = until - 1; at >= from; at--) items[to + at - from] = items[at];
}

/** Of these rows the one with the longest text: others of its kind are found with it, blank ones are alike everywhere. */
function longestRow({ text, cols }: CellBuffer, rows: readonly number[]): number | null {
  let longest: number | null = null;
  let most = 0;
  for (const y of rows) {
    let length = cols;
    while (length > 0 && text[y * cols + length - 1] === ' ') length--;
    if (length > most) [longest, most] = [y, length];
  }
  return longest;
}

/** As many rows around the probe as moved with it. */
function widest(
  front: CellBuffer,
  next: CellBuffer,
  { first, last, probe, by }: { first: number; last: number; probe: number; by: number },
): Scroll {
  const fits = (y: number) =>
    y >= first && y <= last && y + by >= first && y + by <= last && sameRow(front, y + by, next, y);
  let [start, end] = [probe, probe];
  while (fits(start - 1)) start--;
  while (fits(end + 1)) end++;
  return by > 0 ? { top: start, bottom: end + by, by } : { top: start + by, bottom: end, by };
}

/** Rows that need not be drawn any more, less those that must be drawn again. */
function gainOf(front: CellBuffer, next: CellBuffer, scroll: Scroll): number {
  let gain = 0;
  for (let y = scroll.top; y <= scroll.bottom; y++) {
    const isThere = sameRow(front, y, next, y);
    if (isKept(scroll, y) !== isThere) gain += isThere ? -1 : 1;
  }
  return gain;
}

function sameRow(a: CellBuffer, ay: number, b: CellBuffer, by: number): boolean {
  const { cols } = a;
  for (let x = 0; x < cols; x++) if (!sameCell(a, ay * cols + x, b, by * cols + x)) return false;
  return true;
}
