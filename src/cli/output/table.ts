import { plainText } from '../../base/text.ts';

/** Rows as columns, padded by what they take on the screen. The last column is not padded. Empty rows give `empty`. */
export async function table(rows: readonly (readonly string[])[], empty: string): Promise<string> {
  if (rows.length === 0) return empty;
  const cells = rows.map((row) => row.map(plainText));
  const width = await widthOf(cells);
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? '')))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The table of character widths is loaded only when a cell needs it: it takes longer than the rest of a command. */
async function widthOf(rows: readonly (readonly string[])[]): Promise<(text: string) => number> {
  if (rows.every((row) => row.every((cell) => /^[\x20-\x7e]*$/.test(cell)))) return (text) => text.length;
  return (await import('string-width')).default;
}
