import { charge, type OwnPrices, priceOf } from './prices.ts';
import { addTokens, countTokens, noTokens, type Tokens } from './tokens.ts';
import type { UsageSum } from './usage.ts';

/** What model calls cost. */
export interface Cost {
  /** US dollars, of the part whose price is known. */
  usd: number;
  /** Some of it was reckoned from prices, not told by the program. */
  isEstimated: boolean;
  /** Some of it has no known price: it cost more than `usd`. */
  hasUnknown: boolean;
  tokens: Tokens;
}

export const noCost: Cost = {
  usd: 0,
  isEstimated: false,
  hasUnknown: false,
  tokens: noTokens,
};

/** What one group of calls cost: what the program told, and the price table for the rest. */
export function costOf(sum: UsageSum, own: OwnPrices): Cost {
  const { tokens, untold, toldUsd } = sum;
  if (countTokens(untold) === 0) return { usd: toldUsd, isEstimated: false, hasUnknown: false, tokens };
  const rates = priceOf(sum.model, sum.promptAbove, own);
  if (!rates) return { usd: toldUsd, isEstimated: false, hasUnknown: true, tokens };
  const { usd, hasUnknown } = charge(untold, rates);
  return { usd: toldUsd + usd, isEstimated: true, hasUnknown, tokens };
}

export function addCosts(a: Cost, b: Cost): Cost {
  return {
    usd: a.usd + b.usd,
    isEstimated: a.isEstimated || b.isEstimated,
    hasUnknown: a.hasUnknown || b.hasUnknown,
    tokens: addTokens(a.tokens, b.tokens),
  };
}

/** Sums by their names, added up. */
export function sumOf(parts: readonly ReadonlyMap<string, Cost>[]): Map<string, Cost> {
  const sums = new Map<string, Cost>();
  for (const [name, cost] of parts.flatMap((part) => [...part])) {
    const known = sums.get(name);
    sums.set(name, known ? addCosts(known, cost) : cost);
  }
  return sums;
}

/** For a person: `$1.20`; `~$1.20` is an estimate; `≥ $1.20` cost more, by a price that is not known; `unknown`. */
export function formatCost({ usd, isEstimated, hasUnknown }: Omit<Cost, 'tokens'>): string {
  if (hasUnknown) return usd > 0 ? `≥ ${formatUsd(usd)}` : 'unknown';
  return `${isEstimated ? '~' : ''}${formatUsd(usd)}`;
}

/** With its tokens: `~$1.20, 340.0k tokens`. */
export function costText(cost: Cost): string {
  return `${formatCost(cost)}, ${formatTokens(countTokens(cost.tokens))} tokens`;
}

/** Cents; below one cent, two figures that say something. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= 0.01) return `$${usd.toFixed(2)}`;
  return usd < 0.0001 ? '<$0.0001' : `$${Number(usd.toPrecision(2))}`;
}

/** 940, 12.3k, 1.2M. */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 999_950 ? `${(tokens / 1_000).toFixed(1)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}
