import { z } from 'zod';

/** Tokens of model calls, each counted in one place only: `input` is without what the cache gave or took. */
export const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
});
export type Tokens = z.infer<typeof tokensSchema>;

export const tokenKinds = ['input', 'output', 'cacheRead', 'cacheWrite'] as const satisfies readonly (keyof Tokens)[];

export const noTokens: Readonly<Tokens> = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** Tokens of which each kind is worked out in the same way. */
export function tokensBy(value: (kind: keyof Tokens) => number): Tokens {
  return {
    input: value('input'),
    output: value('output'),
    cacheRead: value('cacheRead'),
    cacheWrite: value('cacheWrite'),
  };
}

export function addTokens(one: Tokens, other: Tokens): Tokens {
  return tokensBy((kind) => one[kind] + other[kind]);
}

/** What `tokens` has above `base`, of each kind; never less than nothing. */
export function tokensAbove(tokens: Tokens, base: Tokens): Tokens {
  return tokensBy((kind) => Math.max(0, tokens[kind] - base[kind]));
}

export function countTokens(tokens: Tokens): number {
  return tokenKinds.reduce((sum, kind) => sum + tokens[kind], 0);
}
