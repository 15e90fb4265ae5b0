import type { Price } from './prices.ts';

/** The day on which the prices below were read. They are of the providers' own interfaces, standard speed, no discounts. */
export const pricesReadOn = '2026-11-21';

interface PriceRow extends Price {
  /** Names as the programs report them, without a date at their end. */
  models: readonly string[];
}

/** What a call costs whose prompt has more than 272,000 tokens: input and cache twice as much, output half as much again. */
function longerThan272k({ input, output, cacheRead, cacheWrite }: Omit<Price, 'longPrompt'>): Price['longPrompt'] {
  const double = (usd: number | null) => (usd === null ? null : usd * 2);
  return {
    above: 272_000,
    input: input * 2,
    output: output * 1.5,
    cacheRead: double(cacheRead),
    cacheWrite: double(cacheWrite),
  };
}

function openAi(model: string, input: number, cacheRead: number, output: number, cacheWrite: number | null): PriceRow {
  const price = { input, output, cacheRead, cacheWrite };
  return { models: [model], ...price, longPrompt: longerThan272k(price) };
}

/**
 * US dollars per million tokens. Only what a provider's documentation says is here: a model that is missing has an unknown
 * price. Cache writes are those of the shortest retention. Sources: the pricing and model pages of platform.claude.com,
 * developers.openai.com and ai.google.dev.
 */
export const priceTable: readonly PriceRow[] = [
  { models: ['claude-fable-5-1', 'claude-mythos-5-1'], input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 },
  { models: ['claude-fable-5', 'claude-mythos-5'], input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
  { models: ['claude-opus-5-5'], input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  {
    models: ['claude-opus-5', 'claude-opus-4-8', 'claude-opus-4-7', 'claude-opus-4-6', 'claude-opus-4-5'],
    ...{ input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  { models: ['claude-opus-4-1', 'claude-opus-4'], input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 },
  { models: ['claude-sonnet-5-5'], input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  { models: ['claude-sonnet-5'], input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  { models: ['claude-sonnet-4-6', 'claude-sonnet-4-5'], input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  {
    models: ['claude-haiku-5-5'],
    ...{ input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
    longPrompt: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
  },
  { models: ['claude-haiku-4-5'], input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },

  openAi('gpt-6.2-sol', 2, 0.1, 10, 2.5),
  openAi('gpt-6.1-sol', 2, 0.1, 10, null),
  openAi('gpt-6.1-terra', 1, 0.05, 5, 1.25),
  openAi('gpt-6-astra', 10, 1, 50, 12.5),
  openAi('gpt-6-sol', 2, 0.2, 10, 2.5),
  openAi('gpt-6-luna', 0.1, 0.01, 0.5, 0.125),
  openAi('gpt-5.5', 5, 0.5, 30, null),
  { models: ['gpt-5-codex', 'gpt-5'], input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: null },

  {
    models: ['gemini-3.1-pro-preview'],
    ...{ input: 2, output: 12, cacheRead: null, cacheWrite: null },
    longPrompt: { above: 200_000, input: 4, output: 18, cacheRead: null, cacheWrite: null },
  },
  { models: ['gemini-3.5-flash'], input: 1.5, output: 9, cacheRead: null, cacheWrite: null },
];
