import { age } from '../../base/age.ts';
import { plainText } from '../../base/text.ts';
import { type Cost, formatCost, formatTokens } from '../../domain/cost.ts';
import type { Run } from '../../domain/run.ts';
import { countTokens } from '../../domain/tokens.ts';
import type { Cell } from '../app/view.ts';
import { type Colour, colours, type Mark, removedColour } from '../theme.ts';

/** Text from anywhere, made safe. */
export function textCell(text: string, colour?: Colour): Cell {
  return { text: plainText(text), colour };
}

export function markedCell({ glyph, colour }: Mark, text: string): Cell {
  return { text: plainText(text), lead: { text: `${glyph} `, colour } };
}

/** How long ago that was, or how long it took; null: it is not known. */
export function ageCell(spanMs: number | null): Cell {
  return spanMs === null ? { text: '', rank: -1 } : { text: age(spanMs), rank: spanMs };
}

export function agoCell(spanMs: number): Cell {
  return { text: `${age(spanMs)} ago`, colour: colours.quiet, rank: spanMs };
}

export function costCell(cost: Cost | null | undefined): Cell {
  return cost ? { text: formatCost(cost), rank: cost.usd } : { text: '', rank: -1 };
}

export function tokensCell(cost: Cost): Cell {
  const tokens = countTokens(cost.tokens);
  return { text: formatTokens(tokens), colour: colours.quiet, rank: tokens };
}

/** What it changed: `+12 -3`. */
export function linesCell({ filesChanged, linesAdded, linesRemoved }: Run): Cell {
  if (filesChanged === 0) return { text: '', rank: 0 };
  const lead = { text: `+${linesAdded} `, colour: colours.good };
  return { text: `-${linesRemoved}`, colour: removedColour(linesRemoved), lead, rank: linesAdded + linesRemoved };
}

/** `━━━───`, of so many cells; `part` from 0 to 1. Lines: blocks would be holes in the selected line, which is inverse. */
export function bar(part: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * cells);
  return '━'.repeat(full) + '─'.repeat(cells - full);
}
