import { findAdapter } from '../../src/agents/registry.ts';
import type { Disposable } from '../../src/base/disposable.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { addTokens, noTokens, type Tokens } from '../../src/domain/tokens.ts';
import type { FollowedSession } from '../../src/ports/agent.ts';

/** What is heard of sessions, kept as the store does: of several entries for a call the newest counts. */
export class HeardReports implements Disposable {
  conversation: string | null = null;
  readonly prompts: string[] = [];
  readonly limits: (AgentReport & { type: 'limit' })[] = [];
  readonly #seenPrompts = new Set<string>();
  readonly #calls = new Map<string, Tokens>();
  readonly #answers = new Set<number>();
  readonly #following: Disposable[] = [];

  follow(agent: string, session: FollowedSession): void {
    this.conversation = session.conversation ?? this.conversation;
    this.#following.push(findAdapter(agent)!.follow!(session, (report) => this.hear(report)));
  }

  hear(report: AgentReport): void {
    if (report.type === 'conversation') this.conversation = report.id;
    if (report.type === 'answer') this.#answers.add(report.at);
    if (report.type === 'limit') this.limits.push(report);
    if (report.type === 'usage')
      this.#calls.set(`${this.conversation} ${report.entry.key} ${report.entry.model}`, report.entry.tokens);
    if (report.type !== 'prompt' || this.#seenPrompts.has(report.key)) return;
    this.#seenPrompts.add(report.key);
    this.prompts.push(report.text);
  }

  get answers(): number {
    return this.#answers.size;
  }

  /** Of all calls together. */
  get tokens(): Tokens {
    return [...this.#calls.values()].reduce(addTokens, noTokens);
  }

  dispose(): void {
    for (const following of this.#following.splice(0)) following.dispose();
  }
}
