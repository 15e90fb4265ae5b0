import type { Tokens } from '../../domain/tokens.ts';
import { countOf, type JsonObject } from '../json-line.ts';

/** The `usage` of one call, as its provider counts it. */
export function tokensOfCall(usage: JsonObject): Tokens {
  return {
    input: countOf(usage.input_tokens),
    output: countOf(usage.output_tokens),
    cacheRead: countOf(usage.cache_read_input_tokens),
    cacheWrite: countOf(usage.cache_creation_input_tokens),
  };
}

/** One model of `modelUsage`: the program's own sum over calls. */
export function tokensOfModel(used: JsonObject): Tokens {
  return {
    input: countOf(used.inputTokens),
    output: countOf(used.outputTokens),
    cacheRead: countOf(used.cacheReadInputTokens),
    cacheWrite: countOf(used.cacheCreationInputTokens),
  };
}
