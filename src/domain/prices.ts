import { priceTable } from './price-table.ts';
import { type Tokens, tokenKinds } from './tokens.ts';

/** US dollars per million tokens. Null: not known, and tokens of that kind make a sum incomplete. */
interface Rates {
  input: number;
  output: number;
  cacheRead: number | null;
  cacheWrite: number | null;
}

/** What a model costs; `longPrompt` holds for whole calls whose prompt, cache included, has more than `above` tokens. */
export interface Price extends Rates {
  longPrompt?: Rates & { above: number };
}

/** The person's own prices, by model name; `*` in a name stands for any text. They win over the table of Forge. */
export type OwnPrices = Readonly<Record<string, Rates>>;

/** The lengths of prompts, in tokens, at which some price changes, ascending. */
export const promptLengths: readonly number[] = [
  ...new Set(priceTable.flatMap(({ longPrompt }) => (longPrompt ? [longPrompt.above] : []))),
].sort((a, b) => a - b);

/**
 * The price of calls whose prompts are longer than `promptAbove` tokens and no longer than the next of `promptLengths`. Null
 * for a model that nobody gave a price: it is unknown, never free.
 */
export function priceOf(model: string, promptAbove: number, own: OwnPrices): Rates | null {
  const given = ownPriceOf(model, own);
  if (given) return given;
  const name = withoutVersion(model);
  const row = priceTable.find(({ models }) => models.includes(name));
  if (!row) return null;
  return row.longPrompt && promptAbove >= row.longPrompt.above ? row.longPrompt : row;
}

/** What the tokens cost at these rates, and whether some of them have no price. */
export function charge(tokens: Tokens, rates: Rates): { usd: number; hasUnknown: boolean } {
  const perMillion = tokenKinds.reduce((sum, kind) => sum + tokens[kind] * (rates[kind] ?? 0), 0);
  return { usd: perMillion / 1e6, hasUnknown: tokenKinds.some((kind) => rates[kind] === null && tokens[kind] > 0) };
}

/** The name that says most decides: an exact one, then the longest. */
function ownPriceOf(model: string, own: OwnPrices): Rates | null {
  const names = Object.keys(own).filter((name) => matches(name, model));
  const [best] = names.sort((a, b) => Number(b === model) - Number(a === model) || b.length - a.length);
  return (best !== undefined && own[best]) || null;
}

function matches(pattern: string, model: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return model === pattern;
  if (!model.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = model.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return model.length - last.length >= at && model.endsWith(last);
}

/** `claude-opus-4-5-20251101`, `claude-opus-5-5[1m]` and `gpt-6-sol-2026-09-22` as the table has them. */
function withoutVersion(model: string): string {
  return model.replace(/\[1m\]$/, '').replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '');
}
