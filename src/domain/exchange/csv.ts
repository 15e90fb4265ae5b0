/** Rows of RFC 4180: quotes, doubled quotes, line breaks in quotes. `line` is where a row begins, from 1. */
export function readRows(content: string): { rows: { line: number; cells: string[] }[]; problem: string | null } {
  const rows: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let line = 1;
  let startedAt = 1;
  const part = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (part.lastIndex < content.length) {
    const match = part.exec(content);
    if (match === null)
      return { rows, problem: `line ${line}: a quote in the middle of a cell, or one that is not closed` };
    const [whole, quoted, plain = '', end] = match;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    line += whole.split('\n').length - 1;
    if (end === ',' && part.lastIndex < content.length) continue;
    if (end === ',') cells.push('');
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: startedAt, cells });
    cells = [];
    startedAt = line;
  }
  return { rows, problem: null };
}

/** A cell that a spreadsheet would take for a formula is text. */
export function csvRow(cells: readonly string[]): string {
  return cells
    .map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
