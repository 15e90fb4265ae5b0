import type { Tokens } from '../domain/usage.ts';

export const noTokens: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** Tokens whose every field is worked out in the same way. */
export function tokensBy(value: (field: keyof Tokens) => number): Tokens {
  return {
    input: value('input'),
    output: value('output'),
    cacheRead: value('cacheRead'),
    cacheWrite: value('cacheWrite'),
  };
}

export function addTokens(one: Tokens, other: Tokens): Tokens {
  return tokensBy((field) => one[field] + other[field]);
}

/** What `tokens` has above `base`, in each field; never less than nothing. */
export function tokensAbove(tokens: Tokens, base: Tokens): Tokens {
  return tokensBy((field) => Math.max(0, tokens[field] - base[field]));
}

export function isNoTokens({ input, output, cacheRead, cacheWrite }: Tokens): boolean {
  return input + output + cacheRead + cacheWrite === 0;
}
