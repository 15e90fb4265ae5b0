/** Lines that stay in sight above and below the selected one. */
const marginMax = 2;

/** The first line that is shown: it moves no further than the cursor makes it. */
export function scrolledTop(top: number, length: number, cursor: number, rows: number): number {
  const margin = Math.min(marginMax, Math.floor((rows - 1) / 2));
  const moved = Math.max(Math.min(top, cursor - margin), cursor - rows + 1 + margin);
  return Math.max(0, Math.min(moved, length - rows));
}
