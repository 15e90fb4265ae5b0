/** One measured thing beside its peer, or the reason why there is no number. */
export interface Figure {
  name: string;
  peer: string;
  /** In ms, one a repetition, in the order in which they were taken. */
  ours: number[];
  theirs: number[];
  /** What a reader must know to read the numbers, or why there are none. */
  note?: string;
}

export const noFigure = (name: string, peer: string, note: string): Figure => ({
  name,
  peer,
  ours: [],
  theirs: [],
  note,
});

/** The value below which `share` (0 to 1) of the samples lie, by nearest rank; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Takes turns, A B A B, so that what else the machine does falls on both. */
export async function inTurn(
  repetitions: number,
  ours: () => number | Promise<number>,
  theirs: () => number | Promise<number>,
): Promise<Pick<Figure, 'ours' | 'theirs'>> {
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let n = 0; n < repetitions; n++) {
    samples.ours.push(await ours());
    samples.theirs.push(await theirs());
  }
  return samples;
}

const columns = ['', 'n', 'forge p50', 'p95', 'peer p50', 'p95', 'ratio p50', 'p95', 'more ms', 'peer'];

/** The figures as a table of text: times in ms, `more ms` the difference of the medians. */
export function table(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  '),
  );
  const notes = figures.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : []));
  return [...lines.map((line) => line.trimEnd()), ...notes].join('\n');
}

function rowOf({ name, peer, ours, theirs }: Figure): string[] {
  const [a50, a95] = [percentile(ours, 0.5), percentile(ours, 0.95)];
  const [b50, b95] = [percentile(theirs, 0.5), percentile(theirs, 0.95)];
  const numbers = [a50, a95, b50, b95, a50 / b50, a95 / b95, a50 - b50];
  return [name, String(ours.length), ...numbers.map((n) => (Number.isNaN(n) ? '-' : n.toFixed(2))), peer];
}

function isText(column: number): boolean {
  return column === 0 || column === columns.length - 1;
}
