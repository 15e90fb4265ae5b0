import type { Disposable } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { type AgentWords, hearReport, noWords } from '../../domain/agent-words.ts';
import type { SessionFacts } from '../../domain/session.ts';
import type { OperationContext } from '../context.ts';
import { forkOf } from './fork-run.ts';

/** An agent's records are read on for so long after its end, in ms: the last words are written on the way out. */
const lastWordsMs = 3_000;

interface Followed {
  agent: string;
  following: Disposable;
  words: AgentWords;
  conversation: string | null;
  /** Ms since the epoch. */
  endedAt: number | null;
  end: NodeJS.Timeout | null;
}

/**
 * Reads what the agents of a project record of themselves, and keeps it in the store: conversation, tokens, prompts taken,
 * limits. A record is read again from its beginning after every start, and what is known already changes nothing.
 */
export class AgentWatch implements Disposable {
  readonly #context: OperationContext;
  readonly #onReport: (session: string, report: AgentReport) => void;
  readonly #log: (line: string) => void;
  readonly #followed = new Map<string, Followed>();

  constructor(
    context: OperationContext,
    onReport: (session: string, report: AgentReport) => void,
    log: (line: string) => void,
  ) {
    this.#context = context;
    this.#onReport = onReport;
    this.#log = log;
  }

  observe(facts: SessionFacts): void {
    if (facts.labels.run === undefined) return;
    const followed = this.#followed.get(facts.id) ?? this.#follow(facts, facts.labels.run);
    if (facts.endedAt === null || !followed || followed.end) return;
    followed.endedAt = facts.endedAt;
    followed.end = setTimeout(() => followed.following.dispose(), lastWordsMs).unref();
  }

  #follow(facts: SessionFacts, runId: string): Followed | null {
    const { store, agents, project } = this.#context;
    const run = store.runs.list().find(({ id }) => id === runId);
    if (!run || run.worktree === null) return null;
    // The last words of an agent whose place another has taken are what it used.
    const leave = store.runs.events(runId).find(({ payload }) => payload.left === facts.id)?.payload;
    if (run.session !== facts.id && !leave) return null;
    const agent = leave ? String(leave.from) : run.agent;
    const conversation = leave ? ((leave.leftConversation as string | null | undefined) ?? null) : run.conversation;
    const followed: Followed = {
      agent,
      following: { dispose() {} },
      words: store.words.get(facts.id) ?? noWords,
      conversation,
      endedAt: facts.endedAt,
      end: null,
    };
    this.#followed.set(facts.id, followed);
    try {
      followed.following = agents.follow(
        { ...run, agent },
        {
          repository: project.root,
          worktree: run.worktree,
          session: facts.id,
          startedAt: facts.startedAt,
          endedAt: () => followed.endedAt,
          conversation,
          forkedAt: forkOf(store, run.id)?.at,
        },
        (report) => this.#hear(facts.id, run.id, followed, report),
      );
    } catch (failure) {
      this.#log(`${facts.id}: its records are not read: ${asForgeError(failure).message}`);
    }
    return followed;
  }

  #hear(session: string, run: string, followed: Followed, report: AgentReport): void {
    const { store } = this.#context;
    // Another session may go on in the same conversation: what was recorded after this one's end is of that.
    if (followed.endedAt !== null && timeOf(report) > followed.endedAt) return;
    try {
      if (report.type === 'conversation') {
        followed.conversation = report.id;
        // A late word of an agent whose place another has taken says nothing of the run.
        if (store.runs.get(run).session === session) store.runs.setConversation(run, report.id);
      } else if (report.type === 'usage') {
        const by = { run, agent: followed.agent, conversation: followed.conversation ?? session };
        if (!store.usage.put(by, report.entry)) return;
      } else if (report.type !== 'action') {
        const words = hearReport(followed.words, report);
        if (words === followed.words) return;
        followed.words = words;
        store.words.set(session, words);
      }
      this.#onReport(session, report);
    } catch (failure) {
      this.#log(`${session}: ${report.type}: ${asForgeError(failure).message}`);
    }
  }

  dispose(): void {
    for (const { following, end } of this.#followed.values()) {
      following.dispose();
      if (end) clearTimeout(end);
    }
    this.#followed.clear();
  }
}

/** Ms since the epoch; a conversation has none. */
function timeOf(report: AgentReport): number {
  if (report.type === 'conversation') return 0;
  return report.type === 'usage' ? report.entry.at : report.at;
}
