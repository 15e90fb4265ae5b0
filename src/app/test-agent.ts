import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomId } from '../base/ids.ts';
import { judgeTest, type TestOutcome } from '../domain/agent-test.ts';
import { type AgentWords, hearReport, noWords } from '../domain/agent-words.ts';
import type { SessionFacts, SessionStatus } from '../domain/session.ts';
import { outputEvidence } from '../domain/status.ts';
import { addTokens, noTokens, type Tokens } from '../domain/tokens.ts';
import type { UsageEntry } from '../domain/usage.ts';
import type { AgentFound } from '../ports/agent.ts';
import type { SessionHost } from '../ports/session-host.ts';
import type { OperationContext } from './context.ts';
import { needsScreen, viewSession } from './supervisor/session-views.ts';

/** How often the session is looked at, in ms. */
const lookMs = 200;
/** How long the tokens of an answer may take to be told, in ms. */
const tokensMs = 5_000;
/** How long it may take to end, in ms. */
const graceMs = 3_000;

export interface AgentTestRequest {
  agent: string;
  prompt: string;
  deadlineMs: number;
  /** Folder that this project's worktrees are made in. */
  worktrees: string;
}

export interface AgentTest {
  agent: string;
  adapter: string;
  found: AgentFound;
  /** From the start to its first output, in ms; null: none came. */
  startedMs: number | null;
  outcome: TestOutcome;
  /** For a person; empty when there is nothing to say. */
  reason: string;
  /** From the start to the outcome, in ms. */
  tookMs: number;
  /** What it told until then; null: it told none. */
  tokens: Tokens | null;
}

/**
 * Gives an agent a small prompt, in the way that a run does: the same launch, in a worktree of its own that is removed again, the
 * same signals. Throws `agent.missing` for a name that is not defined.
 */
export async function testAgent(
  context: OperationContext,
  host: SessionHost,
  { agent, prompt, deadlineMs, worktrees }: AgentTestRequest,
): Promise<AgentTest> {
  const { agents, git, project } = context;
  const adapter = agents.adapterOf(agent);
  const found = await agents.find({ agent });
  const told = { agent, adapter: adapter.name, found, startedMs: null, tookMs: 0, tokens: null };
  if (!found.isFound) return { ...told, outcome: 'missing', reason: `${found.problem} ${found.next}` };
  await endEarlier(host, project.root, agent);
  await using worktree = await git.throwAwayWorktree(join(worktrees, `agent-test-${agent}`));
  const session = `agent-test.${agent}.${randomId(4)}`;
  const place = { session, worktree: worktree.path, repository: project.root };
  const launch = await agents.launch(
    { agent },
    { prompt, resume: null, fork: null, ofWorktree: {}, task: 'agent-test', run: session, ...place },
  );
  const labels = { project: project.root, agent, test: agent };
  const { command, env, conversation } = launch;
  const size = { cols: 100, rows: 30 };
  const spec = { id: session, command, env, cwd: worktree.path, labels, transcript: null, ...size };
  const { startedAt } = await host.ensure(spec);
  const watched = new WatchedSession(host, session, context);
  const following = agents.follow(
    { agent },
    { ...place, startedAt, endedAt: () => watched.facts?.endedAt ?? null, conversation },
    (report) => {
      if (report.type === 'usage') watched.usage.set(`${report.entry.key} ${report.entry.model}`, report.entry);
      else watched.words = hearReport(watched.words, report);
    },
  );
  try {
    const { outcome, reason } = await watched.outcome(deadlineMs, adapter.endsByItself);
    const tookMs = Date.now() - startedAt;
    if (outcome === 'answered' && adapter.abilities.tellsTokens) await watched.untilTold(tokensMs);
    const startedMs = watched.firstOutputAt === null ? null : watched.firstOutputAt - startedAt;
    return { ...told, startedMs, outcome, reason: withoutSecrets(reason, env), tookMs, tokens: watched.tokens };
  } finally {
    following.dispose();
    await endSession(host, session);
  }
}

/** One that was killed in its middle has left its session. */
async function endEarlier(host: SessionHost, root: string, agent: string): Promise<void> {
  const earlier = (await host.list()).filter(({ labels }) => labels.test === agent && labels.project === root);
  for (const { id } of earlier) await endSession(host, id);
}

async function endSession(host: SessionHost, session: string): Promise<void> {
  await host.kill(session, { graceMs });
  await host.forget(session);
}

/** A session as it is seen by looking at it again and again. */
class WatchedSession {
  facts: SessionFacts | null = null;
  words: AgentWords = noWords;
  firstOutputAt: number | null = null;
  readonly usage = new Map<string, UsageEntry>();
  readonly #host: SessionHost;
  readonly #id: string;
  readonly #context: OperationContext;

  constructor(host: SessionHost, id: string, context: OperationContext) {
    this.#host = host;
    this.#id = id;
    this.#context = context;
  }

  get tokens(): Tokens | null {
    if (this.usage.size === 0) return null;
    return [...this.usage.values()].map(({ tokens }) => tokens).reduce(addTokens, noTokens);
  }

  async outcome(deadlineMs: number, endsByItself: boolean): Promise<{ outcome: TestOutcome; reason: string }> {
    const deadline = performance.now() + deadlineMs;
    let wasBusy = false;
    for (;;) {
      const { facts, status } = await this.#look();
      wasBusy ||= status.state === 'busy' && status.evidence !== outputEvidence;
      const scene = { facts, status, words: this.words, wasBusy, endsByItself, now: Date.now() };
      const outcome = judgeTest(scene);
      if (outcome !== null) return { outcome, reason: outcome === 'answered' ? '' : wordsOf(status) };
      if (performance.now() >= deadline) return { outcome: 'late', reason: wordsOf(status) };
      await pause(lookMs);
    }
  }

  async untilTold(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.usage.size === 0 && performance.now() < deadline) await pause(lookMs);
  }

  async #look(): Promise<{ facts: SessionFacts; status: SessionStatus }> {
    const facts = (await this.#host.list()).find(({ id }) => id === this.#id);
    if (!facts) throw new Error(`The session host has lost ${this.#id}.`);
    this.facts = facts;
    this.firstOutputAt ??= facts.lastOutputAt;
    const adapter = this.#context.agents.adapterOfOrNull(facts.labels.agent ?? '');
    const screen =
      adapter && needsScreen(facts, adapter) ? (await this.#host.screen(this.#id, 'text')).split('\n') : null;
    return { facts, status: viewSession(facts, adapter, screen, this.words, Date.now()).status };
  }
}

function wordsOf({ state, reason, evidence }: SessionStatus): string {
  return `${reason || state} (${evidence})`;
}

/** Names of variables whose values nobody else is to read. */
const secretName = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL|AUTH/i;
/** Shorter values would blank words, in characters. */
const secretLengthMin = 6;

/** Providers put keys into their words of refusal. */
function withoutSecrets(text: string, env: Record<string, string>): string {
  const secrets = Object.entries(env).filter(
    ([name, value]) => secretName.test(name) && value.length >= secretLengthMin,
  );
  return secrets.reduce((rest, [name, value]) => rest.replaceAll(value, `$${name}`), text);
}
