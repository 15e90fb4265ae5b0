import type { CostRow } from '../../app/operations/cost/list.ts';
import { plainText } from '../../base/text.ts';
import { type Cost, formatCost, formatTokens } from '../../domain/cost.ts';
import { table } from './table.ts';

/** Columns that a bar may take. */
const barColsMax = 30;

/** A cost in its machine-readable form. What is not known is null, never zero; `incomplete`: it cost more than `usd`. */
export function costJson(cost: Cost | null | undefined) {
  if (!cost) {
    const none = { usd: null, inputTokens: null, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null };
    return { ...none, estimated: false, incomplete: false };
  }
  const { usd, tokens, isEstimated, hasUnknown } = cost;
  return {
    // Sums of small amounts are off in their last digits.
    usd: hasUnknown && usd === 0 ? null : Number(usd.toFixed(9)),
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cacheReadTokens: tokens.cacheRead,
    cacheWriteTokens: tokens.cacheWrite,
    estimated: isEstimated,
    incomplete: hasUnknown,
  };
}

/** Groups with their tokens and cost, and the total. `barCols`: room for a bar each; 0: none. */
export async function costTable(rows: readonly CostRow[], total: Cost, barCols: number): Promise<string> {
  const lines = [...rows, { name: 'total', title: '', cost: total }];
  const most = Math.max(...rows.map(({ cost }) => cost.usd));
  const names = ['', ...lines.map(({ name }) => plainText(name))];
  const numbers = numberColumns.map(({ head, cell }) => alignRight([head, ...lines.map(({ cost }) => cell(cost))]));
  const bars = ['', ...rows.map(({ cost }) => bar(cost.usd / most, Math.min(barCols, barColsMax))), ''];
  const titles = ['', ...lines.map(({ title }) => plainText(title))];
  const columns = [names, ...numbers, bars, titles].filter((column) => column.some((cell) => cell !== ''));
  return table(
    names.map((_, row) => columns.map((column) => column[row] ?? '')),
    '',
  );
}

const numberColumns: readonly { head: string; cell(cost: Cost): string }[] = [
  { head: 'input', cell: ({ tokens }) => formatTokens(tokens.input) },
  { head: 'output', cell: ({ tokens }) => formatTokens(tokens.output) },
  { head: 'cached', cell: ({ tokens }) => formatTokens(tokens.cacheRead) },
  { head: 'to cache', cell: ({ tokens }) => formatTokens(tokens.cacheWrite) },
  { head: 'cost', cell: formatCost },
];

function alignRight(cells: readonly string[]): string[] {
  const width = Math.max(...cells.map(({ length }) => length));
  return cells.map((cell) => cell.padStart(width));
}

/** A share of 1 in eighths of a column. */
function bar(share: number, cols: number): string {
  if (!(share > 0) || cols === 0) return '';
  const eighths = Math.max(1, Math.round(share * cols * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (' ▏▎▍▌▋▊▉'[eighths % 8] ?? '').trim();
}
