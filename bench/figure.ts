/** One measured thing beside its peer, or the reason why there is no number. */
export interface Figure {
  name: string;
  peer: string;
  /** In ms, one a repetition, in the order in which they were taken. */
  ours: number[];
  theirs: number[];
  /** What a reader must know to read the numbers, or why there are none. */
  note?: string;
  /** What was measured beside the numbers, for both. */
  beside?: string;
  /** What Forge promises of this figure: the least, and what it aims at. */
  atLeast?: string;
  aim?: string;
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

const columns = ['', 'n', 'forge p50', 'p95', 'p99', 'peer p50', 'p95', 'p99', 'ratio p50', 'p95', 'more ms', 'peer'];
const shares = [0.5, 0.95, 0.99];

/** The figures as a table of text: times in ms, `more ms` the difference of the medians. */
export function table(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  '),
  );
  const notes = figures.flatMap(({ name, note, beside }) =>
    [note, beside].flatMap((text) => (text ? [`${name}: ${text}`] : [])),
  );
  return [...lines.map((line) => line.trimEnd()), ...notes].join('\n');
}

/** Figures that have an aim, as rows of a Markdown table: p50 / p95 / p99, or the one number that there is. */
export function aims(figures: readonly Figure[]): string {
  const rows = figures
    .filter(({ aim }) => aim !== undefined)
    .map(({ name, ours, theirs, atLeast = '', aim = '' }) => [
      name,
      percentiles(ours),
      percentiles(theirs),
      number(percentile(ours, 0.5) / percentile(theirs, 0.5)) +
        (ours.length > 9 ? ` / ${number(percentile(ours, 0.95) / percentile(theirs, 0.95))}` : ''),
      atLeast,
      aim,
    ]);
  const lines = [
    ['figure', 'forge', 'tmux or peer', 'ratio', 'at least', 'aim'],
    Array<string>(6).fill('---'),
    ...rows,
  ];
  return rows.length === 0 ? '' : lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** With few repetitions the median says all that there is to say. */
const percentiles = (samples: readonly number[]) =>
  (samples.length > 9 ? shares : [0.5]).map((share) => number(percentile(samples, share))).join(' / ');

const number = (value: number) => (!Number.isFinite(value) ? '-' : value.toFixed(value < 100 ? 2 : 0));

function rowOf({ name, peer, ours, theirs }: Figure): string[] {
  const a = shares.map((share) => percentile(ours, share));
  const b = shares.map((share) => percentile(theirs, share));
  const numbers = [...a, ...b, a[0] / b[0], a[1] / b[1], a[0] - b[0]];
  return [name, String(ours.length), ...numbers.map((value) => number(value)), peer];
}

function isText(column: number): boolean {
  return column === 0 || column === columns.length - 1;
}
