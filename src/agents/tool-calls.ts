import { createHash } from 'node:crypto';
import type { AgentReport } from '../domain/agent-report.ts';
import type { Action } from '../domain/loops.ts';

/** How much of a call and of its result is kept, in characters; what follows is compared by a digest. */
const keptMax = 300;

/** Calls that are open at once; of more the oldest is forgotten. */
const openMax = 200;

interface OpenCall {
  name: string;
  input: string;
  at: number;
}

/** Tools that an agent calls, told when their results are there. */
export class ToolCalls {
  readonly #hear: (report: AgentReport & { type: 'action' }) => void;
  readonly #polls: ReadonlySet<string>;
  readonly #open = new Map<string, OpenCall>();

  /** `polls`: names of tools that only ask how something stands that goes on by itself. */
  constructor(hear: (report: AgentReport & { type: 'action' }) => void, polls: readonly string[] = []) {
    this.#hear = hear;
    this.#polls = new Set(polls);
  }

  /** `at` in ms since the epoch. */
  called(key: string, name: string, input: unknown, at: number): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= openMax) this.#open.delete(oldest);
    this.#open.set(key, { name, input: asText(input), at });
  }

  ended(key: string, result: unknown, isError: boolean, at: number): void {
    const call = this.#open.get(key);
    if (!call) return;
    this.#open.delete(key);
    const { name, input } = call;
    const action: Action = { key, name, input, result: asText(result), isError, ms: Math.max(0, at - call.at), at };
    this.#hear({ type: 'action', ...action, ...(this.#polls.has(name) ? { isPoll: true } : {}) });
  }
}

function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (text.length <= keptMax) return text;
  return `${text.slice(0, keptMax)}… ${createHash('sha256').update(text).digest('base64url').slice(0, 12)}`;
}
