import { expect, test } from 'vitest';
import { addCosts, costOf, formatCost, formatTokens, formatUsd, noCost } from '../../src/domain/cost.ts';
import { priceTable } from '../../src/domain/price-table.ts';
import { charge, priceOf, promptLengths } from '../../src/domain/prices.ts';
import type { Tokens } from '../../src/domain/tokens.ts';
import type { UsageSum } from '../../src/domain/usage.ts';

const million: Tokens = { input: 1e6, output: 1e6, cacheRead: 1e6, cacheWrite: 1e6 };
const none: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

function sumOf(model: string, more: Partial<UsageSum> = {}): UsageSum {
  const tokens = more.tokens ?? million;
  return {
    run: 'r',
    agent: 'claude',
    model,
    day: '2026-11-21',
    promptAbove: 0,
    toldUsd: 0,
    untold: tokens,
    ...more,
    tokens,
  };
}

test.each([
  ['claude-opus-5-5', 0, 4 + 20 + 0.2 + 5],
  ['claude-opus-4-5-20251101', 0, 5 + 25 + 0.5 + 6.25],
  ['claude-sonnet-4-6[1m]', 0, 3 + 15 + 0.3 + 3.75],
  ['claude-haiku-5-5', 0, 0.1 + 0.5 + 0.01 + 0.125],
  ['claude-haiku-5-5', 100_000, 0.5 + 2.5 + 0.05 + 0.625],
  ['claude-haiku-5-5', 272_000, 0.5 + 2.5 + 0.05 + 0.625],
  ['gpt-6-sol-2026-09-22', 200_000, 2 + 10 + 0.2 + 2.5],
  ['gpt-6-sol', 272_000, 4 + 15 + 0.4 + 5],
])('a million tokens of each kind of %s, prompts above %i', (model, promptAbove, usd) => {
  const rates = priceOf(model, promptAbove, {});
  expect(rates && charge(million, rates)).toEqual({ usd: expect.closeTo(usd, 9), hasUnknown: false });
});

test.each([
  'gpt-9',
  'claude-opus',
  'claude-opus-5-5-turbo',
  'us.anthropic.claude-opus-5-5-v1:0',
  'openrouter/claude-opus-5-5',
  '',
])('the price of %j is unknown', (model) => {
  expect(priceOf(model, 0, {})).toBeNull();
});

test('the table names each model once, with prices above zero and lengths in order', () => {
  const names = priceTable.flatMap(({ models }) => models);
  expect(new Set(names).size).toBe(names.length);
  for (const row of priceTable) {
    const { models, longPrompt, ...rates } = row;
    expect(
      Object.values(rates).every((rate) => rate === null || rate > 0),
      models[0],
    ).toBe(true);
    expect(priceOf(models[0] ?? '', 0, {}), models[0]).toBe(row);
  }
  expect(promptLengths).toEqual([100_000, 200_000, 272_000]);
});

test('own prices win; an exact name before a pattern, a longer pattern before a shorter', () => {
  const rates = (input: number) => ({ input, output: 1, cacheRead: 0, cacheWrite: null });
  const own = { '*': rates(1), 'claude-*': rates(2), 'claude-*-5-5': rates(3), 'claude-opus-5-5': rates(4) };
  const inputOf = (model: string) => priceOf(model, 0, own)?.input;
  expect(['llama', 'claude-x', 'claude-haiku-5-5', 'claude-opus-5-5'].map(inputOf)).toEqual([1, 2, 3, 4]);
  expect(priceOf('a.b', 0, { 'axb*': rates(1) })).toBeNull();
  expect(priceOf('aba', 0, { 'ab*ba': rates(1) })).toBeNull();
  expect(priceOf('vendor/m:free', 0, { '*/m*': rates(0) })?.input).toBe(0);
});

test('a sum takes the money that was told, reckons the rest, and says what it does not know', () => {
  const input = { ...none, input: 1e6 };
  expect(costOf(sumOf('gpt-9', { toldUsd: 0.4, untold: none }), {})).toEqual({
    ...{ usd: 0.4, isEstimated: false, hasUnknown: false, tokens: million },
  });
  expect(costOf(sumOf('claude-opus-5-5', { toldUsd: 0.4, untold: input }), {})).toEqual({
    ...{ usd: 4.4, isEstimated: true, hasUnknown: false, tokens: million },
  });
  expect(costOf(sumOf('gpt-9', { toldUsd: 0.4, untold: input }), {})).toMatchObject({ usd: 0.4, hasUnknown: true });
  // No tokens, as of the answers that a program makes up for its own errors.
  expect(costOf(sumOf('<synthetic>', { tokens: none }), {})).toEqual({ ...noCost });
  expect(costOf(sumOf('gpt-5', { tokens: input }), {})).toMatchObject({ usd: 1.25, hasUnknown: false });
  expect(costOf(sumOf('gpt-5', { tokens: { ...input, cacheWrite: 1 } }), {})).toMatchObject({
    ...{ usd: 1.25, hasUnknown: true },
  });
  const both = addCosts(costOf(sumOf('claude-opus-5-5', { tokens: input }), {}), costOf(sumOf('gpt-9'), {}));
  expect(both).toEqual({
    ...{ usd: 4, isEstimated: true, hasUnknown: true },
    tokens: { ...million, input: 2e6 },
  });
});

test.each([
  [{ usd: 1.2, isEstimated: false, hasUnknown: false }, '$1.20'],
  [{ usd: 1.2, isEstimated: true, hasUnknown: false }, '~$1.20'],
  [{ usd: 1.2, isEstimated: true, hasUnknown: true }, '≥ $1.20'],
  [{ usd: 0, isEstimated: false, hasUnknown: true }, 'unknown'],
  [{ usd: 0, isEstimated: false, hasUnknown: false }, '$0.00'],
])('%j reads %s', (cost, text) => {
  expect(formatCost(cost)).toBe(text);
});

test('amounts and tokens keep what says something', () => {
  expect([0.00999, 0.0042, 0.00001, 12.345, 1234].map(formatUsd)).toEqual([
    ...['$0.01', '$0.0042', '<$0.0001', '$12.35', '$1234.00'],
  ]);
  expect([0, 999, 1_000, 12_345, 999_949, 999_950, 2_500_000].map(formatTokens)).toEqual([
    ...['0', '999', '1.0k', '12.3k', '999.9k', '1.0M', '2.5M'],
  ]);
});
