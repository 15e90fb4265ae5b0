import { addTokens, noTokens, type Tokens, tokenKinds, tokensAbove } from '../../domain/tokens.ts';
import type { UsageEntry } from '../../domain/usage.ts';

interface Statement {
  /** By model, since the beginning of the conversation. */
  totals: ReadonlyMap<string, Tokens>;
  /** What the calls that it covers used, by model. */
  listed: Map<string, Tokens>;
  /** Calls from then on are not covered, in ms since the epoch. */
  until: number;
  at: number;
}

/**
 * What Claude Code used without writing an answer into its transcript: titles, summaries, a permission that a model judges.
 * It shows only in the statements of totals that it writes when it leaves a conversation, as the part that no listed call
 * explains. What explains it may be read later, from the transcripts of sub-agents: so it is told when all has been read.
 */
export class UnlistedUsage {
  readonly #conversation: string;
  readonly #hear: (entry: UsageEntry) => void;
  readonly #statements: Statement[] = [];
  readonly #calls: { model: string; tokens: Tokens; at: number }[] = [];
  readonly #told = new Map<string, Tokens>();

  constructor(conversation: string, hear: (entry: UsageEntry) => void) {
    this.#conversation = conversation;
    this.#hear = hear;
  }

  /** A listed call used so much more; `model` is the name that it was asked by. */
  addCall(model: string, tokens: Tokens, at: number): void {
    this.#calls.push({ model, tokens, at });
    for (const statement of this.#statements) if (at < statement.until) add(statement.listed, model, tokens);
  }

  addStatement(totals: ReadonlyMap<string, Tokens>, at: number): void {
    // It is written twice in a row on the way out.
    const last = this.#statements.at(-1);
    if (
      last &&
      sum(last.totals, 'input') === sum(totals, 'input') &&
      sum(last.totals, 'output') === sum(totals, 'output')
    )
      return;
    const listed = new Map<string, Tokens>();
    for (const call of this.#calls) add(listed, call.model, call.tokens);
    this.#statements.push({ totals, listed, until: Number.POSITIVE_INFINITY, at });
  }

  /** The conversation goes on, in the newest line of its transcript: what comes from then on is for the next statement. */
  goOn(at: number): void {
    const last = this.#statements.at(-1);
    if (last && last.until > at) last.until = at;
  }

  /** Everything that is there has been read. What was told before is corrected. */
  settle(): void {
    let before: ReadonlyMap<string, Tokens> = new Map();
    for (const [index, statement] of this.#statements.entries()) {
      const rest = unexplained(statement);
      for (const model of statement.totals.keys())
        this.#tellOne(
          `unlisted ${index + 1}`,
          model,
          tokensAbove(rest.get(model) ?? noTokens, before.get(model) ?? noTokens),
          statement.at,
        );
      before = rest;
    }
  }

  #tellOne(name: string, model: string, tokens: Tokens, at: number): void {
    const key = `${name} ${this.#conversation}`;
    const told = this.#told.get(`${key} ${model}`) ?? noTokens;
    if (tokenKinds.every((field) => told[field] === tokens[field])) return;
    this.#told.set(`${key} ${model}`, tokens);
    this.#hear({ key, model, tokens, usd: null, at });
  }
}

/**
 * By model, what no call explains; in all never more than the totals are above all calls, so that a model that is named in two
 * ways is not counted twice.
 */
function unexplained({ totals, listed }: Statement): Map<string, Tokens> {
  const rest = new Map<string, Tokens>([...totals.keys()].map((model) => [model, { ...noTokens }]));
  for (const field of tokenKinds) {
    let left = Math.max(0, sum(totals, field) - sum(listed, field));
    for (const [model, tokens] of totals) {
      const part = Math.min(left, Math.max(0, tokens[field] - (listed.get(model) ?? noTokens)[field]));
      (rest.get(model) as Tokens)[field] = part;
      left -= part;
    }
  }
  return rest;
}

function add(sums: Map<string, Tokens>, model: string, tokens: Tokens): void {
  sums.set(model, addTokens(sums.get(model) ?? noTokens, tokens));
}

function sum(byModel: ReadonlyMap<string, Tokens>, field: keyof Tokens): number {
  return [...byModel.values()].reduce((total, tokens) => total + tokens[field], 0);
}
