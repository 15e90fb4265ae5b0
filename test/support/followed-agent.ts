import { findAdapter } from '../../src/agents/registry.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { type AgentWords, hearReport, noWords } from '../../src/domain/agent-words.ts';
import type { SessionFacts, SessionStatus } from '../../src/domain/session.ts';
import { deriveStatus } from '../../src/domain/status.ts';
import { addTokens, noTokens, type Tokens } from '../../src/domain/tokens.ts';
import type { UsageEntry } from '../../src/domain/usage.ts';
import type { Launch, LaunchRequest } from '../../src/ports/agent.ts';
import { TerminalProgram } from './terminal-program.ts';
import { until } from './until.ts';

/** What the programs need on a machine that does other things too, in ms. */
const patienceMs = 120_000;

/** Gemini CLI takes an Enter that comes within 40 ms of a paste for a line of the text, in ms. */
const beforeEnterMs = 200;

/** An agent as the supervisor has it: started by its adapter in a terminal, its records followed, its status derived. */
export class FollowedAgent implements AsyncDisposable {
  readonly program: TerminalProgram;
  readonly launch: Launch;
  readonly reports: AgentReport[] = [];
  /** Each state once, in order, as somebody who looks every few ms sees them. */
  readonly states: string[] = [];
  readonly #request: LaunchRequest;
  readonly #following: { dispose(): void };
  readonly #looking: NodeJS.Timeout;
  #words: AgentWords = noWords;

  static async start(request: LaunchRequest, cols = 110): Promise<FollowedAgent> {
    return new FollowedAgent(request, await findAdapter(request.definition.adapter)!.launch(request), cols);
  }

  private constructor(request: LaunchRequest, launch: Launch, cols: number) {
    this.#request = request;
    this.launch = launch;
    this.program = new TerminalProgram({ ...launch, cwd: request.worktree, cols, rows: 40 });
    const followed = { ...request, startedAt: Date.now(), conversation: launch.conversation };
    this.#following = this.#adapter.follow?.(followed, (report) => {
      this.reports.push(report);
      this.#words = hearReport(this.#words, report);
      // Several are heard at once when the record is read.
      this.#look();
    }) ?? { dispose() {} };
    this.#looking = setInterval(() => this.#look(), 20);
  }

  get #adapter() {
    return findAdapter(this.#request.definition.adapter)!;
  }

  /** By which it can be resumed. */
  get conversation(): string | null {
    const told = this.reports.findLast((report) => report.type === 'conversation');
    return told?.id ?? this.launch.conversation;
  }

  /** The prompts it says it has taken. */
  get prompts(): string[] {
    return this.reports.flatMap((report) => (report.type === 'prompt' ? [report.text] : []));
  }

  /** What each model call used, the newest of each alone. */
  get usage(): UsageEntry[] {
    const entries = this.reports.flatMap((report) => (report.type === 'usage' ? [report.entry] : []));
    return [...new Map(entries.map((entry) => [`${entry.key} ${entry.model}`, entry])).values()];
  }

  status(): SessionStatus {
    const { program } = this;
    const facts: SessionFacts = {
      ...{ id: this.#request.session, labels: {}, command: this.launch.command, cwd: this.#request.worktree },
      ...{ pid: program.pid, cols: 110, rows: 40, startedAt: 0, lastOutputAt: 0, lastInputAt: null, bellAt: null },
      ...{ title: program.titles.at(-1) ?? '', titleAt: program.titleAt, program: null, signal: null, isLost: false },
      ...{ endedAt: program.exitCode === null ? null : 1, exitCode: program.exitCode },
    };
    const { endsByItself } = this.#adapter;
    const [screen, now] = [program.rows(), Date.now()];
    return deriveStatus({ facts, screen, rules: this.#adapter, words: this.#words, now, endsByItself });
  }

  async untilState(state: string, reason: RegExp = /^/): Promise<void> {
    const isIt = () => this.status().state === state && reason.test(this.status().reason);
    await this.until(`it is ${state} ${reason}`, isIt);
  }

  async until(name: string, isTrue: () => boolean): Promise<void> {
    const shown = () => `${JSON.stringify(this.status())}\n${this.states.join(', ')}\n${this.program.screen()}`;
    await until(name, isTrue, { timeoutMs: patienceMs, shown });
  }

  /** Types a prompt as a person pastes it, and sends it when it is seen. */
  async say(prompt: string): Promise<void> {
    this.program.type(`\x1b[200~${prompt}\x1b[201~`);
    await this.until('the prompt is in the box', () => this.program.screen().split(prompt).length > 1);
    await new Promise((resolve) => setTimeout(resolve, beforeEnterMs));
    this.program.type('\r');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looking);
    this.#following.dispose();
    await this.program[Symbol.asyncDispose]();
  }

  #look(): void {
    const { state } = this.status();
    if (state !== this.states.at(-1)) this.states.push(state);
  }
}

export function sumTokens(entries: readonly { tokens: Tokens }[]): Tokens {
  return entries.map(({ tokens }) => tokens).reduce(addTokens, noTokens);
}
