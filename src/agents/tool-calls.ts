import type { AgentReport } from '../domain/agent-report.ts';

/** How much of a call and of its result is compared with others, in characters. */
const comparedMax = 2_000;

/** Tools that an agent calls, told when their results are there. */
export class ToolCalls {
  readonly #hear: (report: AgentReport) => void;
  readonly #open = new Map<string, { name: string; input: string }>();

  constructor(hear: (report: AgentReport) => void) {
    this.#hear = hear;
  }

  called(key: string, name: string, input: unknown): void {
    this.#open.set(key, { name, input: asText(input) });
  }

  ended(key: string, result: unknown, isError: boolean, at: number): void {
    const call = this.#open.get(key);
    if (!call) return;
    this.#open.delete(key);
    this.#hear({ type: 'action', key, ...call, result: asText(result), isError, at });
  }
}

function asText(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, comparedMax);
}
